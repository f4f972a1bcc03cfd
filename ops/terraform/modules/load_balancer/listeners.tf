# Port 80 sends everybody to 443, the certificate authority's questions too: it follows. Both listeners speak HTTP, which
# lets websockets through.

resource "oci_load_balancer_rule_set" "to_https" {
  load_balancer_id = oci_load_balancer_load_balancer.prickle.id
  name             = "to_https"

  items {
    action        = "REDIRECT"
    response_code = 301

    conditions {
      attribute_name  = "PATH"
      attribute_value = "/"
      operator        = "FORCE_LONGEST_PREFIX_MATCH"
    }

    # Host, path and query stay as they are by not being named.
    redirect_uri {
      protocol = "https"
      port     = 443
    }
  }
}

resource "oci_load_balancer_listener" "http" {
  load_balancer_id         = oci_load_balancer_load_balancer.prickle.id
  name                     = "http"
  default_backend_set_name = oci_load_balancer_backend_set.chat.name
  port                     = 80
  protocol                 = "HTTP"
  rule_set_names           = [oci_load_balancer_rule_set.to_https.name]
}

# Self-signed, only until the machine has fetched a real one: a listener for 443 cannot be without, and the authority asks
# through it. Its name changes with its content, because a name cannot be used twice.
resource "oci_load_balancer_certificate" "bootstrap" {
  load_balancer_id   = oci_load_balancer_load_balancer.prickle.id
  certificate_name   = "bootstrap-${substr(sha256(var.bootstrap_certificate), 0, 8)}"
  public_certificate = var.bootstrap_certificate
  private_key        = var.bootstrap_private_key

  lifecycle {
    create_before_destroy = true
  }
}

resource "oci_load_balancer_listener" "https" {
  load_balancer_id         = oci_load_balancer_load_balancer.prickle.id
  name                     = "https"
  default_backend_set_name = oci_load_balancer_backend_set.chat.name
  port                     = 443
  protocol                 = "HTTP"

  # Far above the 25 s of a heartbeat. nginx keeps idle connections for 320 s, so that this side always closes first.
  connection_configuration {
    idle_timeout_in_seconds = "300"
  }

  ssl_configuration {
    certificate_name        = oci_load_balancer_certificate.bootstrap.certificate_name
    protocols               = ["TLSv1.2", "TLSv1.3"]
    cipher_suite_name       = "oci-tls-12-13-wider-ssl-cipher-suite-v1" # the default has no ECDSA, certbot's keys are ECDSA
    verify_peer_certificate = false
  }

  # ops/certificates/renew.sh changes the certificate; everything else here it sends again as it stands.
  lifecycle {
    ignore_changes = [ssl_configuration[0].certificate_name]
  }
}
