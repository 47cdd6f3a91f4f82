/** What the commands of the local platform say with `--help`. */

export const startUsage = `Usage: npm start -- [options]

Runs the whole platform on this machine, until Ctrl-C.

Options:
  --auth         have callers show tokens, of an issuer that is started, too
  -V, --version  print the version
  -h, --help     print this

Environment (tools/local/README.md has the ports and the rest):
  ORDERLY_STAGE  its name, so that a second one can run beside it (default: dev)`;

export const tokenUsage = `Usage: npm run token -- --sub <customer id> --scope "<scopes, separated by spaces>"

Prints a token of the issuer that npm start -- --auth runs.

Options:
  --sub <id>        for whom: the id of a customer
  --scope <scopes>  for what, e.g. "orders:read orders:write"
  -V, --version     print the version
  -h, --help        print this

Environment:
  ORDERLY_STAGE  the stage of the platform (default: dev)`;
