const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * Tests of the console come first. Others start services as a user would, with `sls offline`, and the console sees the
 * functions only of those that `npm start` has started.
 */
module.exports = class extends Sequencer {
  sort(tests) {
    const isOfConsole = ({ path }) => /[\\/]console[^\\/]*$/.test(path);
    const sorted = super.sort(tests);
    return [...sorted.filter(isOfConsole), ...sorted.filter((test) => !isOfConsole(test))];
  }
};
