/** What providers say when a limit was hit: rates, quotas, money, context. First match wins, so that rate words veto context. */
import { kind } from './verdict.ts'
import type { Phrase } from './phrase.ts'

export const LIMIT_PHRASES: readonly Phrase[] = [
  // Smaller than the window, larger than a minute's allowance: says 429, and waiting never helps.
  {
    kind: kind('rate_limit', 'request_too_large'),
    pattern: /request too large for|requested tokens? exceeds? (?:the |your )?(?:rate|per[- ]minute)/i,
  },

  // "check your plan and billing details" is how quota errors end: the word alone is no sign of an empty account.
  {
    kind: kind('budget_exceeded', 'billing'),
    pattern:
      /credit balance (?:is )?(?:too low|exhausted|insufficient)|insufficient (?:credits?|funds|balance|account balance)|not enough credits?|out of credits?|payment (?:is )?required|billing_(?:error|hard_limit_reached|not_active)|billing hard limit|requires? more credits|account (?:balance )?(?:is )?(?:in arrears|overdue)|spend(?:ing)?[ _]limit (?:has been |was )?(?:reached|exceeded|hit)|(?:reached|exceeded|hit) (?:your|the) (?:\w+ )?spend(?:ing)? limit|subscription (?:has )?(?:expired|lapsed)/i,
  },
  {
    kind: kind('budget_exceeded', 'max_turns'),
    pattern:
      /(?:max(?:imum)?|limit on|reached)[^.;]{0,20}\b(?:session )?(?:turns|iterations|steps|rounds)\b[^.;]{0,20}(?:exceeded|reached|\(\d+\))|(?:exceeded|reached) (?:the )?max(?:imum)? (?:number of |session )?(?:turns|iterations|steps)|error_max_turns|FatalTurnLimited/i,
  },
  {
    kind: kind('budget_exceeded', 'max_budget'),
    pattern:
      /(?:max(?:imum)? budget|cost limit|max_budget\w*|budget)[^.;]{0,30}\b(?:exceeded|reached|exhausted)|exit_cost|exceeded[^.;]{0,20}\bbudget\b/i,
  },

  {
    kind: kind('rate_limit', 'overloaded'),
    pattern:
      /overloaded_error|server_is_overloaded|engine_overloaded|(?:^|\b(?:is|are|was|currently|temporarily|model|server|service|engine|529) |[-:·"'(] ?)overloaded\b|server is (?:too )?busy|(?:system|service) is (?:currently |temporarily )?busy|model_capacity_exhausted|no capacity (?:is )?available|(?:is )?(?:currently )?at (?:full )?capacity|insufficient capacity|experiencing (?:very )?high (?:demand|load|traffic)|high (?:demand|load) right now|"status" ?: ?"unavailable"/i,
  },
  {
    kind: kind('rate_limit', 'quota'),
    pattern:
      /(?<!not your )\b(?:usage|session|weekly|daily|monthly|\d+[ -]hour|plan|hourly)(?: \w+)?[ _]limits?(?: (?:has|have) been| was| is)? ?(?:_?reached|exceeded|hit|exhausted|resets)|(?:hit|reached|exceeded) (?:your|the) (?:\w+ |\d+[ -]hour ){0,3}(?<!rate )(?:usage|session|weekly|daily|monthly|\d+[ -]hour|plan|premium)(?: \w+){0,2} limits?|hit your limit\b|(?:insufficient|exceeded)_quota|(?:reached|exceeded|hit|exhausted|used up) (?:your|the|this model's)[^;]{0,40}\bquota\b|no (?:\w+ ){0,2}(?:quota|requests) (?:left|remaining)|quota[ _](?:has been )?(?:exceeded|exhausted)|exceeded your (?:\w+ )?(?:monthly |daily |current |premium )?(?:request )?quota|perday\w*|(?:requests|tokens) per day|\b[rt]pd\b|out of (?:premium )?(?:requests|quota)|terminalquotaerror|quota_exceeded|premium request(?:s)? (?:allowance|quota)|\/day\b[^.]{0,40}exceeded/i,
  },
  {
    kind: kind('rate_limit'),
    pattern:
      /rate_limit_(?:error|exceeded)|ratelimit(?:error|exceeded)|ratelimited|too[ _]many[ _]requests|resource_exhausted|resource (?:has been )?exhausted|throttlingexception|\bthrottl(?:ed|ing)\b|retryablequotaerror|llmratelimiterror|(?:api |secondary |per-minute )?rate[ _-]?limits?(?: for [^.;]{1,60}| of [^.;]{1,60}| on [^.;]{1,60})?,? ?(?:was |is |has been |have been )?(?:reached|exceeded|hit|error\b)|(?:exceed(?:s|ed)?|reached|exhausted|hit|over|due to|triggered)\b[^.;]{0,40}\brate[ _-]?limit|\brate[ _-]?limited\b|\brate-limiting\b|limiting requests|(?:requests|tokens|input tokens|output tokens) per min(?:ute)?\b|slow_down|too many tokens, please wait|concurren(?:t|cy)[^.;]{0,30}\blimit (?:reached|exceeded|hit)|too many concurrent|user_\w*rate_limited|quota will reset after|request was throttled/i,
  },

  {
    kind: kind('context_limit', 'prompt_too_long'),
    pattern:
      /(?:prompt|input|conversation|messages?|request|context)(?: \w+)? (?:is|are|was) too (?:long|large|big) for|prompt (?:is )?too long|input (?:is )?too long|conversation (?:is )?too long|context_length_exceeded|context_window_exceeded|contextwindowexceeded|context[ _]?(?:window[ _]?)?overflow|longer than the model's context|current length is \d+ while limit is|\b4(?:00|13) (?:status code )?\(no body\)|exceeds? (?:the )?max(?:imum)? context\b|contextlengthexceeded|exceed_context_size|model_max_prompt_tokens_exceeded|model_context_window_exceeded|llmcontextwindowexceed|exit_context\b|request_too_large|(?:maximum|max) context (?:length|window|size)|(?:context|prompt)[ _](?:length|window|size)[^.;]{0,40}(?:exceed|too (?:long|large|small))|exceed(?:s|ed)?\b[^.;]{0,60}\bcontext(?: |_)(?:length|window|size|limit)|(?:in|for) the (?:model's )?context window|context window (?:error|is full|limit)|context limit (?:reached|exceeded)|(?:input|prompt) tokens?(?: count)?(?: of)?[^;]{0,30}exceeds?|exceeds? (?:the )?(?:model'?s )?(?:maximum|max)(?: number of)? (?:input |prompt |context )?tokens?(?: allowed| limit| for| of| \(|\.|$)|exceeds? the (?:model'?s )?(?:input )?token limit|exceeds the limit of \d+ tokens|token limit (?:exceeded|reached)|hit a token limit|reduce the (?:length|size) of (?:the|your) (?:messages|prompt|input)|too many (?:input |prompt )?tokens(?! per)|maximum prompt length|(?:input|prompt)(?: length)?(?: of \S+)? exceeds? (?:the )?(?:maximum|max|limit|allowed)|(?:request entity|payload) too large|tokens in (?:the )?request (?:is |are )?more than/i,
  },
  {
    kind: kind('context_limit', 'output_limit'),
    pattern:
      /exceeded the \d+ output token maximum|max_output_tokens|messageoutputlengtherror|output token limit (?:exceeded|reached)/i,
  },
]
