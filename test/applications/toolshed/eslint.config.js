'use strict';

const js = require('@eslint/js');
const globals = require('globals');

module.exports = [
    { ignores: ['node_modules'] },
    js.configs.recommended,
    {
        languageOptions: { sourceType: 'commonjs', globals: globals.node },
        rules: { eqeqeq: 'error', strict: ['error', 'global'], 'no-var': 'error' }
    },
    { files: ['test/**'], languageOptions: { globals: globals.mocha } }
];
