export { routeNotFound as handler } from '@orderly/lambda/http';
