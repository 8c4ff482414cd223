import type { Entry } from 'yauzl';
import { ZipEmpty, ZipEntryNotChosen, ZipEntryUnknown } from './zip.errors.js';

/** The file of an archive that is meant: the one that was named, or the only one there is. */
export function chooseEntry(entries: readonly Entry[], name: string | undefined): Entry {
  const choosable = choosableEntries(entries);
  const names = choosable.map(({ fileName }) => fileName);
  if (name !== undefined) {
    const named = entries.filter(({ fileName }) => fileName === name);
    const [entry] = named;
    if (entry === undefined || named.length > 1)
      throw new ZipEntryUnknown(name, named.length, names);
    return entry;
  }
  const [only] = choosable;
  if (only === undefined) throw new ZipEmpty();
  if (choosable.length > 1) throw new ZipEntryNotChosen(names);
  return only;
}

/** What a person has put into the archive; the rest is what their computer adds to folders. */
export function choosableEntries(entries: readonly Entry[]): Entry[] {
  return entries.filter(({ fileName }) => !CLUTTER.test(fileName));
}

const CLUTTER = /(^|\/)(__MACOSX\/|\.DS_Store$|\._[^/]*$|Thumbs\.db$|desktop\.ini$)/;
