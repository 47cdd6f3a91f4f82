// Loads the bundle of a function app with Azure's own library, and prints what it registers with the host, as JSON. The
// host gives the library the module @azure/functions-core, which is no package; this one only takes note.
const Module = require('node:module');

const registered = [];
const core = {
  version: '1.0.0',
  hostVersion: '4.0.0',
  setProgrammingModel: () => {},
  registerHook: () => ({ dispose: () => {} }),
  registerFunction: ({ name, bindings }) => {
    registered.push({ name, trigger: bindings[Object.keys(bindings)[0]] });
    return { dispose: () => {} };
  },
  log: () => {},
  Disposable: class {},
};
const load = Module._load;
Module._load = (request, ...rest) => (request === '@azure/functions-core' ? core : load(request, ...rest));
require(process.argv[2]);
process.stdout.write(JSON.stringify(registered));
process.exit(0);
