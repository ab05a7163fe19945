/** `POST /v1/commands`: what agents send. Arguments are those of the command's row in the catalogue. */
import { z } from 'zod'

export const httpCommandSchema = z.strictObject({
  verb: z.string().min(1).max(40).meta({ description: 'A command of the catalogue, such as claim' }),
  task: z
    .union([z.int().positive(), z.string().regex(/^(#?[1-9]\d{0,8}|[A-Za-z][A-Za-z0-9]{0,7}-[1-9]\d{0,8})$/)])
    .optional()
    .meta({
      description:
        'Issue number or key: 12, "#12" or "DEV-12"; claim takes the next ready task without it, policy and portfolio may be asked without',
    }),
  repository: z
    .string()
    .regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/)
    .optional()
    .meta({ description: 'owner/name; must be the project of the key, and may be left out' }),
  args: z
    .record(z.string().max(40), z.unknown())
    .optional()
    .meta({ description: 'Arguments by name: strings, numbers or lists of them' }),
})

export type HttpCommand = z.infer<typeof httpCommandSchema>
