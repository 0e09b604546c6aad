using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Identity.Svids;

namespace Ambient.Hbone.Transport.Native;

/// <summary>
/// SSL_CTX for one SVID and one side, made once: TLS 1.3, AES-GCM, ALPN <c>h2</c>, certificates on both sides, no tickets, no
/// resumption. Whom to believe is asked of <see cref="TlsLoopConnection"/> inside the handshake; OpenSSL's own verification is off.
/// </summary>
internal sealed unsafe class TlsContext : SafeHandle
{
    private static readonly ConditionalWeakTable<Svid, TlsContext> Servers = [];
    private static readonly ConditionalWeakTable<Svid, TlsContext> Clients = [];

    private TlsContext(nint handle)
        : base(0, ownsHandle: true) => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    public static TlsContext Server(Svid svid) => Servers.GetValue(svid, static s => Create(s, server: true));

    public static TlsContext Client(Svid svid) => Clients.GetValue(svid, static s => Create(s, server: false));

    public nint NewSession()
    {
        bool added = false;
        try
        {
            DangerousAddRef(ref added);
            nint ssl = LibSsl.SSL_new(handle);
            return ssl != 0 ? ssl : throw new AuthenticationException(LibSsl.TakeError());
        }
        finally
        {
            if (added)
            {
                DangerousRelease();
            }
        }
    }

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_CTX_free(handle);
        return true;
    }

    private static TlsContext Create(Svid svid, bool server)
    {
        TlsContext context = new(LibSsl.SSL_CTX_new(LibSsl.TLS_method()));
        nint c = context.handle;
        _ = LibSsl.SSL_CTX_ctrl(c, LibSsl.CtrlMinProtocol, LibSsl.Tls13, 0);
        _ = LibSsl.SSL_CTX_ctrl(c, LibSsl.CtrlMaxProtocol, LibSsl.Tls13, 0);
        _ = LibSsl.SSL_CTX_ctrl(c, LibSsl.CtrlMode, LibSsl.ModePartialWriteMovingReleaseBuffers, 0);
        _ = LibSsl.SSL_CTX_ctrl(c, LibSsl.CtrlSessionCacheMode, 0, 0);
        _ = LibSsl.SSL_CTX_set_options(c, LibSsl.OptionNoTicket | LibSsl.OptionNoRenegotiation);
        _ = LibSsl.SSL_CTX_set_num_tickets(c, 0);
        _ = LibSsl.SSL_CTX_set_ciphersuites(c, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384");
        LibSsl.SSL_CTX_set_verify(c, LibSsl.VerifyPeerAndFail, 0);
        LibSsl.SSL_CTX_set_cert_verify_callback(c, &Verify, 0);
        UseCertificate(c, svid);
        if (server)
        {
            LibSsl.SSL_CTX_set_alpn_select_cb(c, &SelectProtocol, 0);
        }
        else
        {
            ReadOnlySpan<byte> h2 = [2, (byte)'h', (byte)'2'];
            fixed (byte* p = h2)
            {
                _ = LibSsl.SSL_CTX_set_alpn_protos(c, p, (uint)h2.Length);
            }
        }

        return context;
    }

    private static void UseCertificate(nint context, Svid svid)
    {
        using ECDsa key = svid.Certificate.GetECDsaPrivateKey()
            ?? throw new AuthenticationException($"the SVID of {svid.Id} has no EC private key");
        byte[] certificate = svid.Certificate.RawData;
        byte[] privateKey = key.ExportECPrivateKey();
        try
        {
            fixed (byte* c = certificate, k = privateKey)
            {
                if (LibSsl.SSL_CTX_use_certificate_ASN1(context, certificate.Length, c) != 1
                    || LibSsl.SSL_CTX_use_PrivateKey_ASN1(LibSsl.FiletypeEc, context, k, privateKey.Length) != 1)
                {
                    throw new AuthenticationException($"OpenSSL does not take the SVID of {svid.Id}: {LibSsl.TakeError()}");
                }
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }

        foreach (X509Certificate2 intermediate in svid.Intermediates)
        {
            fixed (byte* der = intermediate.RawData)
            {
                byte* at = der;
                nint x509 = LibSsl.d2i_X509(0, &at, intermediate.RawData.Length);
                _ = LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlExtraChainCert, 0, x509);
            }
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Verify(nint store, nint argument) => TlsLoopConnection.VerifyCurrent(store) ? 1 : 0;

    /// <summary>RFC 7301: h2 or no handshake.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SelectProtocol(nint ssl, byte** chosen, byte* chosenLength, byte* offered, uint offeredLength, nint argument)
    {
        const int ok = 0, fatalAlert = 2;
        for (uint i = 0; i < offeredLength; i += offered[i] + 1u)
        {
            if (offered[i] == 2 && i + 2 < offeredLength && offered[i + 1] == 'h' && offered[i + 2] == '2')
            {
                *chosen = offered + i + 1;
                *chosenLength = 2;
                return ok;
            }
        }

        return fatalAlert;
    }
}
