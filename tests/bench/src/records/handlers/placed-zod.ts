// The contract of OrderPlaced as people write it with zod: the same fields, patterns and limits.
import { z } from 'zod';

const identifier = z.string().min(1).max(128);
const amount = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const readable =
  /^(?![\p{Z}\p{Cf}\u115F\u1160\u3164\uFFA0\u2800]+$)[^\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]*$/u;

const line = z.object({
  sku: z
    .string()
    .regex(
      /^(?!\p{Zs}|.*\p{Zs}$|\.{1,2}$)[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u2800/\\?#%]{1,64}$/u,
    ),
  name: z.string().min(1).max(200).regex(readable),
  quantity: z.number().int().min(1).max(100_000),
  unitPrice: z.number().int().min(0).max(1_000_000_000_000_000),
  lineTotal: amount,
});

export const orderPlaced = (currencies: readonly string[]) =>
  z.object({
    specversion: z.literal('1.0'),
    id: z.guid(),
    source: z.string().regex(/^orderly\/[a-z-]+$/),
    type: z.literal('orderly.order.placed.v1'),
    subject: identifier,
    time: z.iso.datetime({ offset: true }),
    datacontenttype: z.literal('application/json'),
    dataschema: z.string(),
    sequence: z.number().int().min(1),
    correlationid: identifier,
    causationid: identifier,
    traceparent: z
      .string()
      .regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
      .optional(),
    replacedby: z.string().optional(),
    orderlyreplay: z.boolean().optional(),
    data: z.object({
      orderId: z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      customer: z.object({
        id: z.string().regex(/^[A-Za-z0-9._:|@-]{1,64}$/),
        email: z.email().max(254),
      }),
      currency: z.enum(currencies),
      lines: z.array(line).min(1).max(1000),
      total: amount,
      placedAt: z.iso.datetime({ precision: 3 }),
      reference: z.string().min(1).max(64).regex(readable).optional(),
      metadata: z
        .record(
          z.string().min(1).max(40).regex(readable),
          z
            .string()
            .max(500)
            .regex(/^(?:[^\p{Cc}\p{Cs}]|[\t\n\r])*$/u),
        )
        .optional(),
    }),
  });
