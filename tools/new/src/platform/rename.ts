import { capital } from '../names.ts';

/** Nouns before which the name of a platform may be an ordinary word instead. */
const manner = 'fashion|manner|way|shutdown|stop|end|queue|line|sequence|retreat|withdrawal';

/**
 * Gives a platform another name in any text: code, configuration, prose, paths. The name changes in its three forms, alone and as
 * a part of longer names:
 *
 * - `name`: packages, event types, stacks, tags, the command line, `nameClient`;
 * - `Name`: titles and prose, `NameApis`;
 * - `NAME`: environment variables.
 *
 * It stays at the end of a longer word, and where it is an ordinary word of English (`in <name> fashion`). An article before it
 * follows the sound of the new name.
 *
 * @param from the name as it is, in lower case
 * @param to the new name, in lower case
 */
export function renamer(from: string, to: string): (text: string) => string {
  const forms: Readonly<Record<string, string>> = {
    [from]: to,
    [capital(from)]: capital(to),
    [from.toUpperCase()]: to.toUpperCase(),
  };
  const ordinary = `\\b(?:an?|in|very|more|most)\\s+${from}\\s+(?:${manner})\\b`;
  // An escape such as \n before the name is no letter of a longer word.
  const alone = `(?<!(?<!\\\\)[a-z])${from}|${capital(from)}|(?<![A-Z])${from.toUpperCase()}`;
  const article = `(?<article>\\b[Aa])n?(?<space>\\s+[\`"'(*]*)`;
  const pattern = new RegExp(`(?<kept>${ordinary})|(?:${article})?(?<form>${alone})`, 'g');
  const n = /^[aeiou]/.test(to) ? 'n' : '';
  return (text) =>
    text.replace(pattern, (...match) => {
      const { kept, article = '', space = '', form = '' } = match.at(-1) as Readonly<Record<string, string>>;
      return kept ?? (article === '' ? '' : article + n) + space + forms[form];
    });
}
