using System.Net;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using Ambient.Core.Identity;
using Ambient.Identity.Peers;

namespace Ambient.Hbone.Transport.Native;

/// <summary>Says who a presented chain is, or why nobody: pure, called inside the handshake with what was presented, DER.</summary>
internal delegate PeerVerification PeerCheck(byte[] leaf, IReadOnlyList<byte[]> intermediates);

/// <summary>Mutual TLS 1.3 on the loop, by OpenSSL over <see cref="CiphertextBio"/>. Owns the session and its buffers until closed.</summary>
internal sealed unsafe class TlsLoopConnection : LoopConnection
{
    private const int RecordSize = 16 * 1024;

    /// <summary>The connection whose handshake runs on this thread, for the verification callback.</summary>
    [ThreadStatic]
    private static TlsLoopConnection? _current;

    private readonly PeerCheck _check;
    private readonly TaskCompletionSource _handshake = new();
    private nint _ssl;
    private CiphertextBuffers* _buffers;
    private PeerVerification? _verification;
    private bool _shaking = true;
    private bool _peerClosed;
    private string? _tls;

    public TlsLoopConnection(EventLoop loop, int fd, IPEndPoint local, IPEndPoint remote, TlsContext context, bool server, PeerCheck check)
        : base(loop, fd, local, remote)
    {
        _check = check;
        _ssl = context.NewSession();
        _buffers = (CiphertextBuffers*)NativeMemory.AllocZeroed((nuint)sizeof(CiphertextBuffers));
        nint bio = CiphertextBio.Create(_buffers);
        LibSsl.SSL_set_bio(_ssl, bio, bio);
        if (server)
        {
            LibSsl.SSL_set_accept_state(_ssl);
        }
        else
        {
            LibSsl.SSL_set_connect_state(_ssl);
        }
    }

    public override PeerIdentity Peer => _verification is PeerVerification.Verified v
        ? new PeerIdentity.Verified(v.Id)
        : throw new InvalidOperationException("the handshake is not over");

    public override string? Tls => _tls;

    /// <summary>Drives the handshake to its end.</summary>
    /// <exception cref="AuthenticationException">The peer is not who it must be, or speaks no TLS of ours; the message says what.</exception>
    public Task HandshakeAsync()
    {
        Intercept();
        return _handshake.Task;
    }

    internal static bool VerifyCurrent(nint store)
    {
        TlsLoopConnection connection = _current!;
        try
        {
            connection._verification = connection.Verify(store);
        }
        catch (CryptographicException e)
        {
            connection._verification = new PeerVerification.Refused($"the peer's certificate cannot be read: {e.Message}");
        }

        return connection._verification is PeerVerification.Verified;
    }

    protected override bool Intercept()
    {
        Exception? failure = null;
        lock (Gate)
        {
            if (!_shaking)
            {
                return false;
            }

            try
            {
                ThrowIfClosed();
                if (!Shake())
                {
                    return true;
                }
            }
            catch (Exception e) when (e is IOException or AuthenticationException)
            {
                failure = e;
            }

            _shaking = false;
        }

        if (failure is null)
        {
            _handshake.TrySetResult();
        }
        else
        {
            _handshake.TrySetException(failure);
        }

        return false;
    }

    internal override int TryReceive(Span<byte> into)
    {
        int total = 0;
        while (total < into.Length)
        {
            // Errors are the thread's, not the session's: one that others left, as a signature that did not hold, would be taken for this session's.
            LibSsl.ERR_clear_error();
            int count;
            fixed (byte* p = into[total..])
            {
                count = LibSsl.SSL_read(_ssl, p, into.Length - total);
            }

            if (count > 0)
            {
                total += count;
                continue;
            }

            int error = LibSsl.SSL_get_error(_ssl, count);
            if (error == LibSsl.ErrorZeroReturn)
            {
                _peerClosed = true;
                break;
            }

            if (error != LibSsl.ErrorWantRead)
            {
                throw new IOException("TLS: " + LibSsl.TakeError(), Broken(Libc.Econnreset).InnerException);
            }

            if (total > 0 && !Readable)
            {
                break;
            }

            int got = FillCiphertext();
            if (got <= 0)
            {
                _peerClosed |= got == 0;
                break;
            }
        }

        // What the session itself had to say (a key update) leaves with this turn.
        if (_buffers->OutEnd > _buffers->OutStart)
        {
            _ = TryDrain();
        }

        return total > 0 ? total : _peerClosed ? 0 : -1;
    }

    internal override int TrySend(ReadOnlySpan<byte> from)
    {
        int taken = 0;
        while (taken < from.Length)
        {
            // Four records to a send: fewer calls for bulk, and never more than a block waits.
            while (taken < from.Length && _buffers->OutEnd + RecordSize + 256 <= CiphertextBio.BlockSize)
            {
                int size = Math.Min(RecordSize, from.Length - taken);
                LibSsl.ERR_clear_error();
                int count;
                fixed (byte* p = from.Slice(taken, size))
                {
                    count = LibSsl.SSL_write(_ssl, p, size);
                }

                if (count <= 0)
                {
                    throw new IOException("TLS: " + LibSsl.TakeError(), Broken(Libc.Econnreset).InnerException);
                }

                taken += count;
            }

            if (!TryDrain())
            {
                break;
            }
        }

        return taken;
    }

    internal override bool TryDrain()
    {
        while (_buffers->OutEnd > _buffers->OutStart)
        {
            int sent = SendSome(new ReadOnlySpan<byte>(_buffers->Out + _buffers->OutStart, _buffers->OutEnd - _buffers->OutStart));
            if (sent == 0)
            {
                return false;
            }

            _buffers->OutStart += sent;
        }

        _buffers->OutStart = _buffers->OutEnd = 0;
        CiphertextBio.ReturnBlock(ref _buffers->Out);
        return true;
    }

    protected override void EndWriting()
    {
        if (!_shaking)
        {
            LibSsl.ERR_clear_error();
            _ = LibSsl.SSL_shutdown(_ssl);
            try
            {
                _ = TryDrain();
            }
            catch (IOException)
            {
                // The peer is gone: nobody is left to tell.
            }
        }

        _ = Libc.Shutdown(Fd, Libc.ShutdownWrite);
    }

    protected override void Release()
    {
        LibSsl.SSL_free(_ssl);
        _ssl = 0;
        CiphertextBio.ReturnBlock(ref _buffers->In);
        CiphertextBio.ReturnBlock(ref _buffers->Out);
        NativeMemory.Free(_buffers);
        _buffers = null;
    }

    private bool Shake()
    {
        while (true)
        {
            LibSsl.ERR_clear_error();
            _current = this;
            int result = LibSsl.SSL_do_handshake(_ssl);
            _current = null;
            int error = result == 1 ? 0 : LibSsl.SSL_get_error(_ssl, result);
            if (result != 1 && error != LibSsl.ErrorWantRead)
            {
                string text = _verification is PeerVerification.Refused refused ? refused.Reason : LibSsl.TakeError();
                _ = TryDrain(); // the alert
                throw new AuthenticationException(text);
            }

            bool drained = TryDrain();
            if (result == 1)
            {
                RequireH2();
                _tls = TlsFacts.Of(Marshal.PtrToStringUTF8(LibSsl.SSL_CIPHER_get_name(LibSsl.SSL_get_current_cipher(_ssl))) ?? "?");
                return true;
            }

            int got = drained || Readable ? FillCiphertext() : -1;
            if (got == 0)
            {
                throw new IOException("the peer closed the connection in the handshake");
            }

            if (got < 0)
            {
                return false;
            }
        }
    }

    private void RequireH2()
    {
        byte* protocol;
        uint length;
        LibSsl.SSL_get0_alpn_selected(_ssl, &protocol, &length);
        if (length != 2 || protocol[0] != 'h' || protocol[1] != '2')
        {
            throw new AuthenticationException("the peer did not agree on ALPN h2");
        }
    }

    private int FillCiphertext()
    {
        if (_buffers->In is null)
        {
            if (!Readable)
            {
                return -1;
            }

            _buffers->In = CiphertextBio.RentBlock();
        }

        _buffers->InStart = _buffers->InEnd = 0;
        int got = ReceiveSome(new Span<byte>(_buffers->In, CiphertextBio.BlockSize));
        if (got > 0)
        {
            _buffers->InEnd = got;
        }
        else
        {
            CiphertextBio.ReturnBlock(ref _buffers->In);
        }

        return got;
    }

    private PeerVerification Verify(nint store)
    {
        byte[] leaf = Read(LibSsl.X509_STORE_CTX_get0_cert(store));
        nint stack = LibSsl.X509_STORE_CTX_get0_untrusted(store);
        int count = stack == 0 ? 0 : Math.Min(LibSsl.OPENSSL_sk_num(stack), PeerVerifier.MaxIntermediates + 1);
        return _check(leaf, [.. Enumerable.Range(0, count).Select(i => Read(LibSsl.OPENSSL_sk_value(stack, i))).Where(c => !c.AsSpan().SequenceEqual(leaf))]);
    }

    /// <summary>DER.</summary>
    private static byte[] Read(nint certificate)
    {
        int length = LibSsl.i2d_X509(certificate, null);
        byte[] der = new byte[Math.Max(length, 0)];
        fixed (byte* p = der)
        {
            byte* at = p;
            _ = LibSsl.i2d_X509(certificate, &at);
        }

        return der;
    }
}
