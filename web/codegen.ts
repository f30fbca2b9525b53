import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: '../api/schema.graphql',
  documents: 'src/**/*.graphql',
  generates: {
    'src/gql/index.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        enumType: 'string-literal',
        useTypeImports: true,
        skipTypename: true,
        dedupeFragments: true,
        defaultScalarType: 'unknown',
        scalars: {
          ID: 'string',
          Decimal: 'string',
          Date: 'string',
          DateTime: 'string',
          NaiveDate: 'string',
          UUID: 'string',
        },
      },
    },
  },
};

export default config;
