/** Run from the repository's root, since the plugins' UIs lie outside of this folder; see package.json. */

import js from '@eslint/js'
import accessibility from 'eslint-plugin-vuejs-accessibility'
import globals from 'globals'
import tseslint from 'typescript-eslint'
import vue from 'eslint-plugin-vue'
import { SHARED_LIBRARIES } from './build/shared-libraries.js'

/** Counts `?.`, `??` and `&&` as branches, so that it is above the 8 of the Python side. */
const MAX_COMPLEXITY = 12

/** Longer files and functions are split by noun. */
const sizes = maxLines => ({
  'complexity': ['error', MAX_COMPLEXITY],
  'max-lines': ['error', { max: maxLines, skipBlankLines: true, skipComments: true }],
})

export default tseslint.config(
  { ignores: ['webapp/dist/', 'webapp/dev-dist/', 'webapp/node_modules/', 'webapp/test-results/', 'webapp/src/generated/'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  ...vue.configs['flat/recommended'],
  ...accessibility.configs['flat/recommended'],
  {
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.vue'] },
    },
    rules: {
      ...sizes(200),
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-console': ['error', { allow: ['error', 'info'] }],
      'eqeqeq': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/multi-word-component-names': ['error', { ignores: ['App'] }],
      'vue/no-v-html': 'error',
      'vue/no-undef-components': ['error', { ignorePatterns: ['RouterLink', 'RouterView'] }],
      'vue/no-static-inline-styles': 'error',
      'vue/require-default-prop': 'off',
      // The layout of templates is the reader's; these two say nothing about what is right.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      // Labels lie beside their fields and are bound by id.
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
    },
  },
  { files: ['**/*.vue'], rules: sizes(150) },
  {
    files: ['webapp/src/**'],
    ignores: ['webapp/src/plugins.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ group: ['**/plugins/*/web/**'], message: 'The shell knows no plugin; only plugins.ts loads them.' }] }],
    },
  },
  {
    files: ['plugins/*/web/**'],
    rules: {
      'no-restricted-imports': ['error', {
        patterns: [
          { group: ['@webapp/*', '!@webapp/plugin-api'], message: 'Only @webapp/plugin-api is public.' },
          { regex: '^(?:\\.\\./)+[^/]+/web(?:/|$)', message: 'A plugin reaches another one through services of @webapp/plugin-api.' },
          {
            regex: `^(?!\\.{1,2}/|@webapp/plugin-api$|(?:${SHARED_LIBRARIES.join('|')})$)`,
            message: 'Plugins import @webapp/plugin-api, the shared libraries (build/shared-libraries.js) and their own folder.',
          },
        ],
      }],
    },
  },
  {
    files: ['**/*.test.ts', 'webapp/e2e/**'],
    rules: { 'no-restricted-imports': 'off', 'max-lines': 'off', 'vue/one-component-per-file': 'off', 'vue/require-prop-types': 'off', '@typescript-eslint/no-empty-function': 'off' },
  },
  { files: ['webapp/*.js', 'webapp/*.ts', 'webapp/build/**', 'webapp/e2e/**'], languageOptions: { globals: { ...globals.node } } },
)
