using System.Net.Security;

namespace Ambient.Hbone.Transport;

internal sealed class TlsReader : TransportReader
{
    private readonly SslStream _tls;

    // A decrypted record is at most 16 KiB, and SslStream returns the records at hand: more than 64 KiB never comes at once.
    public TlsReader(SslStream tls)
        : base(new ReadSizing(smallest: 4096, kept: 16 * 1024, largest: 64 * 1024))
    {
        _tls = tls;
    }

    protected override ValueTask<int> ReceiveAsync(Memory<byte> memory) => _tls.ReadAsync(memory);
}
