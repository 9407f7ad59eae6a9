DROP PROCEDURE IF EXISTS charge_overdue;
DROP PROCEDURE IF EXISTS member_statement;

-- Charges every loan that is late on a day, once a day; gives how many were charged.
CREATE PROCEDURE charge_overdue(IN p_day DATE)
BEGIN
    DECLARE v_loan INT UNSIGNED;
    DECLARE v_fee DECIMAL(6, 2);
    DECLARE v_charged INT DEFAULT 0;
    DECLARE v_done BOOLEAN DEFAULT FALSE;
    DECLARE late CURSOR FOR
        SELECT l.id, t.daily_fee
          FROM loans l
          JOIN tools t ON t.id = l.tool_id
         WHERE l.returned_on IS NULL AND l.due_on < p_day
         ORDER BY l.id;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_done = TRUE;

    OPEN late;
    each_loan: LOOP
        FETCH late INTO v_loan, v_fee;
        IF v_done THEN
            LEAVE each_loan;
        END IF;
        INSERT IGNORE INTO charges (loan_id, charged_on, amount) VALUES (v_loan, p_day, GREATEST(v_fee * 2, 1.00));
        SET v_charged = v_charged + ROW_COUNT();
    END LOOP;
    CLOSE late;
    SELECT v_charged AS charged;
END;

-- The loans of a member in a period, and what they cost.
CREATE PROCEDURE member_statement(IN p_member INT UNSIGNED, IN p_from DATE, IN p_to DATE)
BEGIN
    SELECT l.id, t.title, l.lent_on, l.returned_on, l.fee
      FROM loans l
      JOIN tools t ON t.id = l.tool_id
     WHERE l.member_id = p_member AND l.lent_on BETWEEN p_from AND p_to
     ORDER BY l.lent_on, l.id;

    SELECT (SELECT COALESCE(SUM(l.fee), 0)
              FROM loans l
             WHERE l.member_id = p_member AND l.returned_on BETWEEN p_from AND p_to) AS fees,
           (SELECT COALESCE(SUM(c.amount), 0)
              FROM charges c
              JOIN loans l ON l.id = c.loan_id
             WHERE l.member_id = p_member AND c.charged_on BETWEEN p_from AND p_to) AS charges;
END;
