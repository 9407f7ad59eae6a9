'use strict';

const express = require('express');
const check = require('../lib/check');
const db = require('../lib/db');
const { refusal } = require('../lib/errors');

const router = express.Router();

const MOST_LOANS = 3;

const LIST =
    'SELECT l.id, l.member_id AS memberId, t.title AS tool, l.lent_on AS lentOn, l.due_on AS dueOn, ' +
    'l.returned_on AS returnedOn, l.fee FROM loans l JOIN tools t ON t.id = l.tool_id';

/** Why a member may not have a tool, or undefined. */
function objection(tool, member, firstInQueue) {
    if (!tool) return refusal(404, 'no such tool');
    if (!member) return refusal(404, 'no such member');
    if (tool.state !== 'shelf') return refusal(409, 'the tool is not on the shelf: ' + tool.state);
    if (member.blocked) return refusal(403, 'the member is blocked');
    if (member.open >= MOST_LOANS) return refusal(409, 'the member has ' + member.open + ' loans');
    if (firstInQueue && firstInQueue.member_id !== member.id) {
        return refusal(409, 'the tool is reserved for somebody else');
    }
    return undefined;
}

function lend(connection, loan, callback) {
    connection.query(
        'SELECT id, state FROM tools WHERE id = ? FOR UPDATE',
        [loan.toolId],
        function (err, tools) {
            if (err) return callback(err);
            connection.query(
                'SELECT m.id, m.blocked, ' +
                    '(SELECT COUNT(*) FROM loans l WHERE l.member_id = m.id AND l.returned_on IS NULL) AS open ' +
                    'FROM members m WHERE m.id = ? FOR UPDATE',
                [loan.memberId],
                function (err, members) {
                    if (err) return callback(err);
                    connection.query(
                        'SELECT member_id FROM reservations WHERE tool_id = ? ORDER BY id LIMIT 1',
                        [loan.toolId],
                        function (err, queue) {
                            if (err) return callback(err);
                            const reason = objection(tools[0], members[0], queue[0]);
                            if (reason) return callback(reason);
                            write(connection, loan, callback);
                        }
                    );
                }
            );
        }
    );
}

function write(connection, loan, callback) {
    connection.query(
        'INSERT INTO loans (member_id, tool_id, lent_on, due_on) VALUES (?, ?, ?, DATE_ADD(?, INTERVAL ? DAY))',
        [loan.memberId, loan.toolId, loan.lentOn, loan.lentOn, loan.days],
        function (err, result) {
            if (err) return callback(err);
            connection.query(
                "UPDATE tools SET state = 'out' WHERE id = ?",
                [loan.toolId],
                function (err) {
                    if (err) return callback(err);
                    connection.query(
                        'DELETE FROM reservations WHERE tool_id = ? AND member_id = ?',
                        [loan.toolId, loan.memberId],
                        function (err) {
                            callback(err, result.insertId);
                        }
                    );
                }
            );
        }
    );
}

router.post('/', function (req, res, next) {
    const loan = check.fields(req.body, {
        memberId: 'id',
        toolId: 'id',
        lentOn: 'day',
        days: 'days'
    });
    db.transaction(
        function (connection, done) {
            lend(connection, loan, done);
        },
        function (err, id) {
            if (err) return next(err);
            db.one(LIST + ' WHERE l.id = ?', [id], function (err, row) {
                if (err) return next(err);
                res.status(201).json(row);
            });
        }
    );
});

router.post('/:id/return', function (req, res, next) {
    const id = check.number(req.params.id, 'id');
    const body = check.fields(req.body, { returnedOn: 'day' });

    // Older than db.transaction.
    db.pool.getConnection(function (err, connection) {
        if (err) return next(err);
        function fail(reason) {
            connection.rollback(function () {
                connection.release();
                next(reason);
            });
        }
        connection.beginTransaction(function (err) {
            if (err) return fail(err);
            connection.query(
                'SELECT tool_id, lent_on, returned_on FROM loans WHERE id = ? FOR UPDATE',
                [id],
                function (err, rows) {
                    if (err) return fail(err);
                    const loan = rows[0];
                    if (!loan) return fail(refusal(404, 'no such loan'));
                    if (loan.returned_on !== null) {
                        return fail(refusal(409, 'returned on ' + loan.returned_on));
                    }
                    if (body.returnedOn < loan.lent_on) {
                        return fail(refusal(409, 'lent on ' + loan.lent_on));
                    }
                    connection.query(
                        'UPDATE loans l JOIN tools t ON t.id = l.tool_id ' +
                            'SET l.returned_on = ?, l.fee = t.daily_fee * GREATEST(DATEDIFF(?, l.lent_on), 1), ' +
                            "t.state = 'shelf' WHERE l.id = ?",
                        [body.returnedOn, body.returnedOn, id],
                        function (err) {
                            if (err) return fail(err);
                            connection.commit(function (err) {
                                if (err) return fail(err);
                                connection.release();
                                db.one(LIST + ' WHERE l.id = ?', [id], function (err, row) {
                                    if (err) return next(err);
                                    res.json(row);
                                });
                            });
                        }
                    );
                }
            );
        });
    });
});

router.get('/', function (req, res, next) {
    const where = [];
    const params = [];
    if (req.query.memberId !== undefined) {
        where.push('l.member_id = ?');
        params.push(check.number(req.query.memberId, 'memberId'));
    }
    if (req.query.open === 'yes') where.push('l.returned_on IS NULL');
    if (req.query.open === 'no') where.push('l.returned_on IS NOT NULL');
    if (req.query.overdueOn !== undefined) {
        where.push('l.returned_on IS NULL AND l.due_on < ?');
        params.push(check.day(req.query.overdueOn, 'overdueOn'));
    }
    const filter = where.length > 0 ? ' WHERE ' + where.join(' AND ') : '';
    db.many(
        LIST + filter + ' ORDER BY l.lent_on DESC, l.id DESC LIMIT 100',
        params,
        function (err, rows) {
            if (err) return next(err);
            res.json({ loans: rows });
        }
    );
});

module.exports = router;
