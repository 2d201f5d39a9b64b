# Workers have private addresses and fetch from the web through Cloud NAT, because Private Google Access reaches
# only Google's own services.
resource "google_compute_network" "workers" {
  name                    = local.name
  auto_create_subnetworks = false
  depends_on              = [google_project_service.needed]
}

resource "google_compute_subnetwork" "workers" {
  name                     = local.name
  network                  = google_compute_network.workers.id
  region                   = var.region
  ip_cidr_range            = "10.20.0.0/24"
  private_ip_google_access = true
}

resource "google_compute_router" "workers" {
  name    = local.name
  network = google_compute_network.workers.id
  region  = var.region
}

resource "google_compute_router_nat" "workers" {
  name                               = local.name
  router                             = google_compute_router.workers.name
  region                             = var.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  subnetwork {
    name                    = google_compute_subnetwork.workers.id
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }
}

# Workers of one job exchange data on these ports. No other machine may connect to them.
resource "google_compute_firewall" "workers" {
  name        = "${local.name}-workers"
  network     = google_compute_network.workers.id
  source_tags = ["dataflow"]
  target_tags = ["dataflow"]

  allow {
    protocol = "tcp"
    ports    = ["12345-12346"]
  }
}
