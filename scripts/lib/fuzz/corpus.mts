import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRepository } from '../repository.mts';

/** The nasty files, and some texts that lead far into every reader. */
export function readCorpus(): Buffer[] {
  const folder = inRepository('libs/testing/files');
  const files = readdirSync(folder).filter((name) => !name.endsWith('.md'));
  return [
    ...files.map((name) => readFileSync(join(folder, name))),
    ...TEXTS.map((text) => Buffer.from(text)),
  ];
}

const TEXTS = [
  '',
  'a,b,c\n1,2,3\n',
  'id;name\r\n1;"a ""b"" c"\r\n2;"d\r\ne"\r\n',
  '"a","b"\n"c","d"\n"e',
  'x|y\r1|2\r3|4',
  '[{"id":1,"name":"é"},{"id":[1,{"a":"]"}],"name":null},["x",-1.5e3,true]]',
  '{"id":1,"name":"a\\"b\\\\"}\n{"a":{"b":[1,2]},"id":"\\u00e9"}\n["x",null,false]\n',
  '[\n  {\n    "id": 1\n  }\n]\n',
  '\uFEFFid,name\n1,Köln\n',
];
