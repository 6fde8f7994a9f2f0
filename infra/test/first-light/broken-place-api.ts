import { readAllScripts, sourceOf } from '@holdfast/db/redis';
import { runWiredApi } from './run-wired-api.ts';

/** What `place` asks before it writes: is somebody else's live hold on one of the seats? */
const HOLDER_CHECK = "if alive then\n  return reply('seats.unavailable', '', '', taken)\nend";

/** The shipped scripts but for `place`, which does not look whose the seats are. */
function brokenScripts(): ReturnType<typeof readAllScripts> {
  const scripts = readAllScripts();
  const text = scripts.place.text.replace(HOLDER_CHECK, '');
  if (text === scripts.place.text) throw new Error('place.lua has no such holder check any more');
  return { ...scripts, place: sourceOf(text) };
}

/**
 * A booking API that sells seats twice: the real one in all but one script. It exists to show that
 * the audit sees such a defect from the outside, in what clients were told and in the feed.
 * Without a map of its own it asks the broken script every time, as it must to be found out.
 */
runWiredApi({ scripts: brokenScripts(), looksAtNoMap: true });
