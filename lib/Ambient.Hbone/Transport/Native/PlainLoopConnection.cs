using System.Net;

namespace Ambient.Hbone.Transport.Native;

/// <summary>Plaintext on the loop: the application's side.</summary>
internal sealed class PlainLoopConnection(EventLoop loop, int fd, IPEndPoint local, IPEndPoint remote) : LoopConnection(loop, fd, local, remote)
{
    internal override int TryReceive(Span<byte> into) => ReceiveSome(into);

    internal override int TrySend(ReadOnlySpan<byte> from)
    {
        int sent = 0;
        while (sent < from.Length && SendSome(from[sent..]) is > 0 and var some)
        {
            sent += some;
        }

        return sent;
    }

    internal override bool TryDrain() => true;

    protected override void EndWriting() => _ = Libc.Shutdown(Fd, Libc.ShutdownWrite);

    protected override void Release()
    {
    }
}
