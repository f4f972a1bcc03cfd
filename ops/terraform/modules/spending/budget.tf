# A letter at the first cent.

resource "oci_budget_budget" "prickle" {
  compartment_id = var.tenancy_id
  display_name   = "prickle"
  description    = "Prickle is to cost nothing."
  amount         = 1
  reset_period   = "MONTHLY"
  target_type    = "COMPARTMENT"
  targets        = [var.compartment_id]
}

resource "oci_budget_alert_rule" "first_cent" {
  budget_id      = oci_budget_budget.prickle.id
  display_name   = "first-cent"
  type           = "ACTUAL"
  threshold      = 1
  threshold_type = "PERCENTAGE"
  recipients     = var.email
  message        = "Prickle's compartment costs money."
}
