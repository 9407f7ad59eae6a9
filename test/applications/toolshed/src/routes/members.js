'use strict';

const express = require('express');
const check = require('../lib/check');
const db = require('../lib/db');
const { refusal } = require('../lib/errors');

const router = express.Router();

function show(row) {
    return {
        id: row.id,
        cardNo: row.card_no,
        name: row.name,
        email: row.email,
        joinedOn: row.joined_on,
        blocked: row.blocked === 1,
        openLoans: row.open_loans
    };
}

function load(id, callback) {
    db.one(
        'SELECT m.*, (SELECT COUNT(*) FROM loans l WHERE l.member_id = m.id AND l.returned_on IS NULL) AS open_loans ' +
            'FROM members m WHERE m.id = ?',
        [id],
        function (err, row) {
            if (err) return callback(err);
            if (!row) return callback(refusal(404, 'no such member'));
            callback(null, show(row));
        }
    );
}

router.post('/', function (req, res, next) {
    const body = check.fields(req.body, {
        cardNo: 'text',
        name: 'text',
        email: 'text',
        joinedOn: 'day'
    });
    const row = {
        card_no: body.cardNo,
        name: body.name,
        email: body.email,
        joined_on: body.joinedOn
    };
    db.insert('members', row, function (err, id) {
        if (err) return next(err);
        load(id, function (err, member) {
            if (err) return next(err);
            res.status(201).json(member);
        });
    });
});

router.get('/:id', function (req, res, next) {
    load(check.number(req.params.id, 'id'), function (err, member) {
        if (err) return next(err);
        res.json(member);
    });
});

router.put('/:id', function (req, res, next) {
    const id = check.number(req.params.id, 'id');
    const body = check.fields(req.body, { name: 'text', email: 'text', blocked: 'flag' });
    db.change(
        'UPDATE members SET name = ?, email = ?, blocked = ? WHERE id = ?',
        [body.name, body.email, body.blocked, id],
        function (err, found) {
            if (err) return next(err);
            if (found === 0) return next(refusal(404, 'no such member'));
            load(id, function (err, member) {
                if (err) return next(err);
                res.json(member);
            });
        }
    );
});

/** Reservations go with the member; who ever borrowed something stays. */
router.delete('/:id', function (req, res, next) {
    db.change(
        'DELETE FROM members WHERE id = ?',
        [check.number(req.params.id, 'id')],
        function (err, found) {
            if (err) return next(err);
            if (found === 0) return next(refusal(404, 'no such member'));
            res.status(204).end();
        }
    );
});

router.get('/:id/statement', function (req, res, next) {
    const id = check.number(req.params.id, 'id');
    const from = check.day(req.query.from, 'from');
    const to = check.day(req.query.to, 'to');
    load(id, function (err) {
        if (err) return next(err);
        db.call('member_statement', [id, from, to], function (err, results) {
            if (err) return next(err);
            const totals = results[1][0];
            res.json({
                loans: results[0].map(function (row) {
                    return {
                        id: row.id,
                        title: row.title,
                        lentOn: row.lent_on,
                        returnedOn: row.returned_on,
                        fee: row.fee
                    };
                }),
                fees: totals.fees,
                charges: totals.charges
            });
        });
    });
});

module.exports = router;
