import { fallback } from '@orderly/lambda/http';

export const handler = fallback({ '/notifications': ['GET'] });
