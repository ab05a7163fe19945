/** What agents and providers say when no limit was hit: models, rights, tools, machines, time. First match wins. */
import type { Phrase } from './phrase.ts'
import { kind } from './verdict.ts'

export const OTHER_PHRASES: readonly Phrase[] = [
  {
    kind: kind('unknown', 'model_not_found'),
    pattern:
      /not_found_error"?[^}]{0,60}"?model\b|model_not_found|modelnotfound|(?:the )?model [^.;]{1,80}?(?:does not exist|not found|is not (?:supported|available|found)|was not found|has been (?:deprecated|retired))|invalid model(?: name| id)?\b|unknown model\b|no such model|not a valid model/i,
  },
  {
    kind: kind('invalid_output', 'schema'),
    pattern:
      /(?:structured output|json schema|output schema|response schema)[^.;]{0,60}(?:fail|invalid|mismatch|not match|does not|retries)|(?:does not|did not|doesn't) (?:match|conform to|satisfy) the (?:\w+ )?schema/i,
  },

  {
    kind: kind('permission_error', 'auth'),
    pattern:
      /authentication_(?:error|failed)|providerautherror|unauthenticated\b|\bunauthorized\b|invalid (?:x-)?api[- _]?key|invalid_api_key|incorrect api key|api key (?:not valid|not found|is (?:missing|invalid|required|not set)|expired)|(?:missing|no) api[ _]key|not logged in|please (?:run )?\/?log ?in\b|(?:oauth |access |refresh )?token (?:has |is |was )?(?:been )?(?:expired|revoked|invalid)|bad credentials|invalid (?:bearer token|credentials|grant)|could not (?:read username|authenticate)|authentication (?:failed|required|error)|login required|credentials? (?:expired|are invalid|could not be (?:found|loaded)|not found)|permission denied \(publickey|llmauthenticationerror|please set an auth method|could not resolve authentication|api_?key\b[^.;]{0,40}(?:is required|not set|is missing|is empty|must be set|not provided)/i,
  },
  {
    kind: kind('permission_error', 'sandbox'),
    pattern:
      /sandbox denied|denied by (?:the )?sandbox|blocked by (?:the )?sandbox|sandbox(?:ed)?[^.;]{0,30}(?:not permitted|permission denied)|outside (?:of )?the (?:allowed|sandbox|permitted) (?:director|work|path)/i,
  },
  {
    kind: kind('permission_error', 'untrusted'),
    pattern: /(?:workspace|folder|directory) is not trusted|untrusted (?:workspace|folder|directory)/i,
  },
  {
    kind: kind('permission_error', 'tool_denied'),
    pattern:
      /(?:denied|blocked|rejected|disallowed|prohibited) by (?:the |an? )?(?:\w+ )?(?:policy|policies|administrator|user|permission)|user (?:rejected|denied|refused)|requires (?:user )?(?:confirmation|permission)|(?:rejected|denied) permission to|auto-?rejecting|could not request permission|requires approval|haven't granted|(?:has|have|was|were) (?:not been |not )(?:granted|approved)|tool(?: use| call)? (?:was |is )?(?:denied|rejected|not allowed)|not (?:in the )?allowed[- _]?tools|permission to use \S{1,80} (?:has been )?(?:denied|with)/i,
  },
  {
    kind: kind('permission_error'),
    pattern:
      /resource not accessible by|permission[_ ]denied|permission_error|permissiondenied|\bforbidden\b|access[_ ]?denied|accessdenied|not authorized|insufficient (?:permissions?|scopes?|privileges)|refusing to allow|without [`'"]?[\w-]+[`'"]? (?:permission|scope)|operation not permitted|\bEACCES\b|\bEPERM\b|must have (?:admin|write|push|push access)|(?:don't|do not|does not) have (?:the )?(?:\w+ )?(?:permissions?|access|rights)|write access to repository not granted|protected branch|\bgh0(?:06|13)\b|repository rule violations|protected branch hook declined|permission to \S{1,200} denied|is not permitted to|id-token: write|saml (?:enforcement|sso)|missing (?:the )?(?:required )?(?:scopes?|permissions?)/i,
  },

  {
    kind: kind('tool_error', 'mcp'),
    pattern:
      /mcp error -?\d+|mcperror|mcp (?:server|client|tool)s?\b[^.;]{0,80}(?:fail|error|closed|disconnect|crash|exited|not (?:connect|found|respond|running)|time[d ]? ?out|could not)|(?:fail(?:ed|ure)|error|unable|could not|timed out)[^.;]{0,60}\bmcp\b/i,
  },
  {
    kind: kind('tool_error', 'tool_missing'),
    pattern:
      /command not found|tool ["'`]?[\w.:-]{1,80}["'`]? (?:is |was )?not (?:found|available|registered)|(?:no such|unknown|unavailable) tool\b|unknown command|spawn [\w./-]{1,80} enoent|is not recognized as an internal|executable file not found|unrecognized (?:arguments|option|subcommand)|command [`'"]?[\w.-]{1,40}[`'"]? not found|cannot find module|executable doesn't exist/i,
  },
  {
    kind: kind('tool_error', 'malformed_calls'),
    pattern:
      /did not conform to the edit format|reflections allowed|(?:could not|failed to|unable to|cannot) (?:find|locate|match)(?: the)? (?:\w+ )?(?:string|text|lines|block|context)\b|failed to (?:edit|apply (?:the )?(?:patch|diff|edit))|string to replace not found|search(?:\/replace)? block[^.;]{0,40}(?:fail|not match|no match)|no match(?:es)? found for|patch (?:does not|failed to) apply|apply_patch[^.;]{0,40}fail|(?:malformed|invalid) (?:tool|function) (?:call|use|arguments|params?|input)|inputvalidationerror|functioncallvalidationerror|malformed (?:model )?(?:edit|diff|patch|response|output)|(?:model|llm)(?:'s)? (?:output|response)[^.;]{0,30}(?:could not be parsed|invalid|malformed)|malformed_function_call|invalid_tool_params|(?:tool|function) call[^.;]{0,40}(?:invalid|malformed|could not be parsed|json)|exit_format\b|tool_use[^.;]{0,40}without[^.;]{0,20}tool_result/i,
  },
  {
    kind: kind('tool_error', 'tool_timeout'),
    pattern:
      /pexpect[\w.]*timeout|read with timeout failed|exit_command_timeout|commandtimeout|tool[^.;]{0,60}timed out|(?:shell|bash|command)(?: tool)? (?:execution )?timed out(?! after \d+m)/i,
  },

  {
    kind: kind('environment_error', 'disk_full'),
    pattern: /no space left on device|\bENOSPC\b|disk (?:is )?full|disk quota exceeded|no_space_left/i,
  },
  {
    kind: kind('environment_error', 'out_of_memory'),
    pattern: /heap out of memory|out of memory|\boom[- ]?kill|cannot allocate memory|\bENOMEM\b|reached heap limit/i,
  },
  {
    kind: kind('environment_error'),
    pattern:
      /exit_environment_error|runner (?:has )?(?:lost communication|received a shutdown)|shutdown signal|the (?:hosted )?runner (?:lost|encountered)|cannot connect to the docker daemon|docker: error response from daemon|toolchain is not installed/i,
  },

  // Tools' own faults, after everything that says why.
  {
    kind: kind('tool_error'),
    pattern:
      /error (?:executing|calling|running|invoking) (?:the )?tool|tool (?:execution|call|invocation)[^.;]{0,20}(?:failed|error)|tool_(?:execution_)?error|failed to (?:execute|run|call|invoke) (?:the )?(?:tool|function|command)|error during tool|hook[^.;]{0,30}(?:failed|error)/i,
  },
  {
    kind: kind('timeout', 'stall'),
    pattern:
      /stream (?:idle|stall)|stalled|no (?:output|activity|progress|events?|response)(?: \w+)? for \d|idle timeout|inactivity|watchdog|hang detected|agent (?:is )?(?:stuck|hung|unresponsive)/i,
  },
  {
    kind: kind('timeout'),
    pattern:
      /exceeded the maximum execution time|execution time limit|exit_total_execution_time|job[^.;]{0,40}timed out|(?:agent|session|run|step|task|process)[^.;]{0,30}\btimed out|wall[- ]clock/i,
  },
  {
    kind: kind('canceled'),
    pattern:
      /\b(?:operation|run|job|workflow|task|session) (?:was |has been )?cancell?ed|(?:aborted|interrupted|cancell?ed) by (?:the )?user|user (?:aborted|interrupted|cancell?ed)|received sigint/i,
  },
  {
    kind: kind('unknown', 'refusal'),
    pattern:
      /stop_reason"? ?: ?"refusal|usage polic(?:y|ies)[^.;]{0,60}(?:violat|unable)|content[_ ](?:policy|filter)|flagged (?:as|for)|(?:violat\w+|against)[^.;]{0,40}usage polic|safety (?:filter|system)s?[^.;]{0,30}(?:block|reject)|prohibited_content/i,
  },
  {
    kind: kind('unknown', 'no_output'),
    pattern:
      /no (?:safe )?outputs?(?: \w+)? (?:were |was )?(?:generated|produced|found)|did not produce any|produced no (?:output|changes|commits|deliverable)|empty response|no changes (?:were )?(?:made|produced)|missing_safe_outputs/i,
  },
  {
    kind: kind('environment_error', 'network'),
    pattern:
      /\b(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)\b|fetch failed|socket hang up|could not resolve host|connection (?:error|reset|refused|timed out)|network (?:error|is unreachable)|getaddrinfo|tls handshake|certificate (?:has expired|verify failed)|self[- ]signed certificate/i,
  },
  {
    kind: kind('unknown', 'server_error'),
    pattern:
      /internal[_ ]server[_ ]error|\bapi_error\b|server_error|due to a server error|bad gateway|service (?:is )?(?:temporarily )?unavailable|gateway time-?out|upstream (?:connect )?error|stream (?:disconnected|closed) (?:before|unexpectedly)|request timed out|premature close|failed to get (?:a )?response from the (?:ai )?model|llmtimeouterror|apiconnection/i,
  },
]
