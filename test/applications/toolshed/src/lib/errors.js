'use strict';

/** An answer other than the wished one. */
function refusal(status, message) {
    const error = new Error(message);
    error.status = status;
    return error;
}

/** What the database refuses is told in its own words: the desk's software shows them, and looks up the code. */
const STATUS = {
    ER_DUP_ENTRY: 409,
    ER_ROW_IS_REFERENCED_2: 409,
    ER_NO_REFERENCED_ROW_2: 422,
    ER_DATA_TOO_LONG: 422,
    ER_WARN_DATA_OUT_OF_RANGE: 422,
    ER_TRUNCATED_WRONG_VALUE: 422,
    ER_LOCK_DEADLOCK: 503
};

// Express knows an error handler by its four parameters.
// eslint-disable-next-line no-unused-vars
function handler(err, req, res, next) {
    if (err.status) return res.status(err.status).json({ error: err.message });
    const status = STATUS[err.code];
    if (status) return res.status(status).json({ error: err.sqlMessage, code: err.code });
    console.error(err);
    res.status(500).json({ error: 'internal error' });
}

module.exports = { refusal, handler };
