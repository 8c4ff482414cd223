#!/bin/sh
# Makes every secret of docker-compose.yml that is not there yet, with random values, in deploy/compose/secrets. What is there stays: to
# change one, see docs/runbooks/deploy-compose.md, "Rotate credentials".
#
#   sh deploy/compose/make-secrets.sh [folder]
#
# The folder can be entered by its owner only. The files in it can be read by all, since each container reads them as a user of its own.
set -eu

folder=${1:-"$(dirname "$0")/secrets"}
mkdir -p "$folder"
chmod 700 "$folder"

# 192 random bits, in signs that mean nothing in an address or a configuration file.
random() { head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

# put NAME: stores what it reads under the name, where nothing is yet.
put() {
  if [ -s "$folder/$1" ]; then cat > /dev/null; return; fi
  cat > "$folder/.$1"
  chmod 644 "$folder/.$1"
  mv "$folder/.$1" "$folder/$1"
  echo "made $folder/$1"
}

# off_live_<22 letters and digits>_<the last 24 bits of its CRC-32>; gzip ends with that sum, its lowest byte first.
api_key() {
  body=off_live_$(head -c 48 /dev/urandom | base64 | tr -dc 'A-Za-z0-9' | head -c 22)
  sum=$(printf %s "$body" | gzip -c | tail -c 8 | head -c 3 | od -An -v -tx1 | awk '{ print $3 $2 $1 }')
  printf '%s_%s\n' "$body" "$sum"
}

password=$(random)
printf '%s\n' "$password" | put postgres_password
password=$(cat "$folder/postgres_password")
printf 'postgres://postgres:%s@postgres:5432/postgres\n' "$password" | put admin_database_url
for role in gateway ingest notifier reader; do
  printf 'postgres://offload_%s:%s@postgres:5432/offload\n' "$role" "$(random)" | put "${role}_database_url"
done

password=$(random)
printf 'default_user = offload\ndefault_pass = %s\n' "$password" | put rabbitmq_user
password=$(sed -n 's/^default_pass = //p' "$folder/rabbitmq_user")
printf 'amqp://offload:%s@rabbitmq:5672\n' "$password" | put rabbitmq_url
printf 'http://offload:%s@rabbitmq:15672\n' "$password" | put rabbitmq_management_url

printf '[default]\naws_access_key_id = OFFLOAD%s\naws_secret_access_key = %s\n' \
  "$(random | cut -c1-13 | tr a-f A-F)" "$(random)" | put storage_credentials
key=$(sed -n 's/^aws_access_key_id = //p' "$folder/storage_credentials")
secret=$(sed -n 's/^aws_secret_access_key = //p' "$folder/storage_credentials")
printf '{"identities":[{"name":"offload","credentials":[{"accessKey":"%s","secretKey":"%s"}],"actions":["Admin","Read","Write","List","Tagging"]}]}\n' \
  "$key" "$secret" | put storage_identities

api_key | put bootstrap_api_key
# The catcher of this stack. For mail that leaves the house: smtps://user:password@relay.example.org:465
printf 'smtp://mail:1025\n' | put smtp_url
random | put grafana_admin_password
