"""Takes TLS on one port and passes what is inside on to another: tls.py CERTIFICATE KEY PORT TARGET."""

import socket
import ssl
import sys
import threading


def pump(source, target):
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
    except OSError:
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(raw, context, target):
    try:
        outer = context.wrap_socket(raw, server_side=True)
        inner = socket.create_connection(("127.0.0.1", target))
    except OSError:
        raw.close()
        return
    threading.Thread(target=pump, args=(outer, inner), daemon=True).start()
    pump(inner, outer)


def main():
    certificate, key, port, target = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", int(port)))
    while True:
        raw, _ = listener.accept()
        threading.Thread(target=serve, args=(raw, context, int(target)), daemon=True).start()


main()
