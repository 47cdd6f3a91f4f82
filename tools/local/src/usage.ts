/** The help of the commands of the local platform. */

export const startUsage = `Usage: npm start -- [options]

Runs the whole platform on this machine, until Ctrl-C.

Options:
  --auth          require tokens, and start an issuer of them, too
  --cloud <name>  on the libraries of another cloud: azure or google (docs/clouds.md)
  --json          print each line as JSON, for programs
  --no-console    without the console, and what it records
  -V, --version   print the version
  -h, --help      print this

Environment (tools/local/README.md has the ports and the rest):
  ORDERLY_STAGE  its name; a second platform needs another one (default: dev)`;

export const tokenUsage = `Usage: npm run token -- --sub <customer id> --scope "<scopes, separated by spaces>"

Prints a token of the issuer that npm start -- --auth runs.

Options:
  --sub <id>        the id of a customer
  --scope <scopes>  the permissions, e.g. "orders:read orders:write"
  -V, --version     print the version
  -h, --help        print this

Environment:
  ORDERLY_STAGE  the stage of the platform (default: dev)`;
