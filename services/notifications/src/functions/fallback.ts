import { fallback } from '@orderly/functions/http/handler';

export const handler = fallback({ '/notifications': ['GET'] });
