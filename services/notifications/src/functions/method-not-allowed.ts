import { methodNotAllowed } from '@orderly/lambda/http';

export const handler = methodNotAllowed({ '/notifications': ['GET'] });
