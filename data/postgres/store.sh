# Lets rclone reach the object store as the remote "store". The credentials are files; rclone takes them from its
# environment (https://rclone.org/docs/#config-file), where no list of processes and no description of a pod shows them.
RCLONE_CONFIG_STORE_ENDPOINT=$(cat "$OBJECT_STORAGE/OBJECT_STORAGE_ENDPOINT")
RCLONE_CONFIG_STORE_ACCESS_KEY_ID=$(cat "$OBJECT_STORAGE/OBJECT_STORAGE_ACCESS_KEY_ID")
RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY=$(cat "$OBJECT_STORAGE/OBJECT_STORAGE_SECRET_ACCESS_KEY")
export RCLONE_CONFIG_STORE_ENDPOINT RCLONE_CONFIG_STORE_ACCESS_KEY_ID RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY
