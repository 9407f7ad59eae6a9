// All tests in one process: starting one for each file takes longer than the tests themselves.
import './folders.test.js'
import './documents.test.js'
import './lists.test.js'
