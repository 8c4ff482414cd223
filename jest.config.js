/**
 * Nest 12 (and a few of its dependencies) ship ES modules only, and Jest cannot `require` those
 * without an experimental flag. Compiling them to CommonJS with the compiler that builds the
 * applications needs no flag and runs on every supported Node.
 */
const esmOnly = [
  '@nestjs/[^/]+',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@borewit/[^/]+',
  '@tokenizer/[^/]+',
  'uuid',
  'eventsource-parser',
  'commander',
  // It loads node:http by `import()`, which has the same need of a flag.
  '@opentelemetry/otlp-exporter-base',
];

/** @type {import('jest').Config} */
const common = {
  testEnvironment: 'node',
  moduleFileExtensions: ['ts', 'mts', 'js', 'mjs', 'json'],
  moduleNameMapper: {
    '^@offload/(contracts|formats|messaging|storage|platform|testing)$':
      '<rootDir>/libs/$1/src/index.ts',
    '^@offload/contracts/(.*)$': '<rootDir>/libs/contracts/src/$1/index.ts',
    // TypeScript sources are imported with the extension of their output.
    [String.raw`^(\.{1,2}/.*)\.js$`]: '$1',
  },
  transform: {
    [String.raw`\.[cm]?[jt]s$`]: [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'commonjs' },
        jsc: {
          target: 'es2023',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            useDefineForClassFields: false,
          },
        },
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(?:.*/node_modules/)?(?:${esmOnly.join('|')})/)`],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
};

/**
 * Three tiers: `unit` touches nothing outside the process, `int` uses a real PostgreSQL and a real
 * RabbitMQ (started by `npm test`; each worker gets its own database and vhost), `e2e` and `faults`
 * run the built services as processes. STYLE of the suffixes: *.spec.ts, *.int.spec.ts, *.e2e.spec.ts,
 * *.fault.spec.ts.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  projects: [
    {
      ...common,
      displayName: 'unit',
      roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/deploy', '<rootDir>/scripts'],
      testRegex: String.raw`(?<!\.(int|e2e|fault))\.spec\.ts$`,
    },
    {
      ...common,
      displayName: 'int',
      roots: ['<rootDir>/apps', '<rootDir>/libs'],
      testRegex: String.raw`\.int\.spec\.ts$`,
      setupFilesAfterEnv: ['<rootDir>/libs/testing/src/jest-worker.ts'],
    },
    {
      ...common,
      displayName: 'e2e',
      roots: ['<rootDir>/e2e'],
      testRegex: String.raw`\.e2e\.spec\.ts$`,
    },
    {
      ...common,
      displayName: 'faults',
      roots: ['<rootDir>/e2e/faults'],
      testRegex: String.raw`\.fault\.spec\.ts$`,
    },
  ],
  collectCoverageFrom: ['apps/**/*.ts', 'libs/**/*.ts', '!**/*.spec.ts', '!**/main.ts'],
};
