/**
 * Who may import whom. Each rule says why; `npm run check` enforces them.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
const TESTS = String.raw`\.spec\.ts$|^libs/testing/|^apps/[^/]+/test/|^e2e/|^bench/|(^|/)\w[\w-]*-harness\.ts$`;
const FRAMEWORKS = String.raw`node_modules/(@nestjs/|typeorm/|express/|pg/|pg-copy-streams/|nestjs-pino/|nodemailer/)`;

const BEHIND_TRACING = String.raw`^libs/platform/src/telemetry/(open-telemetry|recorded-span|sampler|trace-database)\.ts$`;

module.exports = {
  forbidden: [
    {
      name: 'contracts-stay-pure',
      comment:
        'Contracts are what services promise one another. Whatever they import, every service and ' +
        'every client imports with them: so only zod, and no I/O.',
      severity: 'error',
      from: { path: '^libs/contracts/src/', pathNot: TESTS },
      to: { pathNot: ['^libs/contracts/src/', '^node_modules/zod/', '^node_modules/zod-openapi/'] },
    },
    {
      name: 'platform-knows-nothing-of-ours',
      comment:
        'The platform would be the same in another product. A need of one feature belongs to that feature.',
      severity: 'error',
      from: { path: '^libs/platform/src/', pathNot: TESTS },
      to: { path: '^(apps|libs)/', pathNot: '^libs/platform/' },
    },
    {
      name: 'libraries-do-not-know-apps',
      comment: 'A library that knows an application can serve only that one.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'messaging-knows-contracts-and-platform',
      comment: 'The road carries messages; it neither stores files nor knows what a message means.',
      severity: 'error',
      from: { path: '^libs/messaging/src/', pathNot: TESTS },
      to: { path: '^libs/', pathNot: '^libs/(messaging|contracts|platform)/' },
    },
    {
      name: 'storage-knows-platform-only',
      comment:
        'Files are kept by key; what is in them and who sends them is not the storage’s to know.',
      severity: 'error',
      from: { path: '^libs/storage/src/', pathNot: TESTS },
      to: { path: '^libs/', pathNot: '^libs/(storage|platform)/' },
    },
    {
      name: 'formats-know-contracts-and-platform',
      comment:
        'What is in a file does not depend on where it is kept, who sent it or where its rows go.',
      severity: 'error',
      from: { path: '^libs/formats/src/', pathNot: TESTS },
      to: { path: '^libs/', pathNot: '^libs/(formats|contracts|platform)/' },
    },
    {
      name: 'apps-do-not-know-each-other',
      comment:
        'Services meet in contracts, over the broker. An import across would let one be deployed only ' +
        'together with the other.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'cli-sees-only-http',
      comment:
        'The command line is a client like any other. What it can do, every client can do over the API, ' +
        'so it knows the shapes of the API and nothing else of ours, and needs no framework of a server.',
      severity: 'error',
      from: { path: '^apps/cli/', pathNot: TESTS },
      to: {
        path: ['^(apps|libs)/', FRAMEWORKS],
        pathNot: ['^apps/cli/', String.raw`^libs/contracts/src/http/index\.ts$`],
      },
    },
    {
      name: 'cli-takes-only-types-of-http',
      comment:
        'Loading the schemas takes longer than everything else the command line does. A test compares ' +
        'what it has written down with the contract.',
      severity: 'error',
      from: { path: '^apps/cli/', pathNot: TESTS },
      to: { path: '^libs/contracts/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'libraries-are-entered-by-the-front-door',
      comment:
        'What a library exports is its promise; what it does not is free to change. (contracts/http is ' +
        'the second door of contracts, for clients.)',
      severity: 'error',
      from: { path: '^(apps/|libs/([^/]+)/)', pathNot: '^libs/testing/' },
      to: {
        path: '^libs/[^/]+/src/',
        pathNot: [
          '^libs/$2/',
          '^libs/[^/]+/src/index\\.ts$',
          '^libs/contracts/src/[^/]+/index\\.ts$',
        ],
      },
    },
    {
      name: 'only-amqp-speaks-amqp',
      comment:
        'Confirms, returns, acks and reconnects are right in one folder or in none. Everything else hands ' +
        'messages over and takes them. (Tests look at the broker from outside.)',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^libs/messaging/src/amqp/', TESTS] },
      to: { path: '^node_modules/(amqplib|amqp-connection-manager)/' },
    },
    {
      name: 'only-telemetry-speaks-opentelemetry',
      comment:
        'While tracing is off no module of OpenTelemetry is loaded: whoever else imported one would load ' +
        'it in every process. Steps are opened by what platform exports. (Types cost nothing.)',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^libs/platform/src/telemetry/', TESTS] },
      to: { path: '^node_modules/@opentelemetry/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'telemetry-loads-opentelemetry-late',
      comment:
        'Everything that needs OpenTelemetry is behind the one `import()` of start-tracing.ts; an ordinary ' +
        'import of it would load it in every process.',
      severity: 'error',
      from: { path: '^libs/', pathNot: [TESTS, BEHIND_TRACING] },
      to: { path: BEHIND_TRACING, dependencyTypesNot: ['type-only', 'dynamic-import'] },
    },
    {
      name: 'pure-files-stay-pure',
      comment:
        'A function named for a decision or a computation takes data and returns data, so that a test ' +
        'needs nothing but the function. What reaches outside has a role in its name or is a class.',
      severity: 'error',
      from: {
        path: [
          '^libs/formats/src/',
          '^libs/messaging/src/topology/(names|topology)\\.ts$',
          '^libs/messaging/src/consume/(brake|replay-outcome|retry-policy|settle|try-end|wiring)\\.ts$',
          '^libs/contracts/src/',
        ],
        pathNot: TESTS,
      },
      to: { path: [FRAMEWORKS, '^(node:)?(fs|net|http|https|child_process|dns)(/promises)?$'] },
    },
    {
      name: 'features-meet-only-in-app-module',
      comment:
        'A feature folder can be read, changed and removed by itself. What several need is named: access ' +
        '(who may), audit (who did), events (what happened), database and config; else it is wired in app.module.ts.',
      severity: 'error',
      from: {
        path: '^apps/([^/]+)/src/([^/]+)/',
        // The command line has no module: its folders are one program over one terminal.
        pathNot: [TESTS, '^apps/[^/]+/src/database/', '^apps/cli/'],
      },
      to: {
        path: '^apps/$1/src/[^/]+/',
        pathNot: [
          '^apps/$1/src/$2/',
          '^apps/$1/src/(access|audit|events|database|idempotency|http)/',
          // Ingest is one feature, imports, over what it knows of tables.
          '^apps/ingest/src/datasets/',
        ],
      },
    },
    {
      name: 'tests-stay-out-of-production',
      comment: 'What a service runs must not need the test libraries, nor be changed by a test.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: 'dev-dependencies-stay-out-of-production',
      comment: 'The image is installed without them, so the service would not start.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-undeclared-packages',
      comment: 'A package that only another one brings along may be gone after any update.',
      severity: 'error',
      from: { path: '^(apps|libs|e2e|bench|scripts)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
    {
      name: 'not-to-unresolvable',
      comment: 'The imported file or package is not there.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-cycles',
      comment:
        'In a cycle no file can be understood or loaded first; decorators then meet classes that are not ' +
        'there yet.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports and that imports nothing is forgotten.',
      severity: 'error',
      from: { orphan: true, pathNot: [TESTS, '(^|/)main\\.ts$', '\\.d\\.ts$', '^scripts/[^/]+$'] },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.data|coverage)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      extensions: ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
