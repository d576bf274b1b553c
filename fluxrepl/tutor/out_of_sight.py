"""What a lesson may do so that nobody can tell what its result depends on: a reason never to keep that.

`reads.py` looks here for Python's audit events and for modules.
"""

OUT_OF_SIGHT = {
    "subprocess.Popen": "it starts a program",
    "os.system": "it starts a program",
    "os.exec": "it starts a program",
    "os.posix_spawn": "it starts a program",
    "os.spawn": "it starts a program",
    "os.startfile": "it starts a program",
    "os.fork": "it forks",
    "os.forkpty": "it forks",
    "pty.spawn": "it starts a program",
    "socket.connect": "it uses the network",
    "socket.bind": "it uses the network",
    "socket.getaddrinfo": "it uses the network",
    "socket.gethostname": "it asks for the name of the machine",
    "socket.gethostbyname": "it uses the network",
    "sqlite3.connect": "it opens a database",
    "os.symlink": "it makes links",
    "os.link": "it makes links",
    "os.getxattr": "it asks about files",
    "os.listxattr": "it asks about files",
}

# These read files in compiled code, of which Python hears nothing.
READ_BY_THEMSELVES = (
    *("h5py", "netCDF4", "tables", "pyarrow", "polars", "cv2", "rasterio", "soundfile", "duckdb"),
    *("torch", "tensorflow", "jax", "numba"),
)
STARTING = "multiprocessing.popen_"  # the modules that start processes; of `spawn`, no hook tells
