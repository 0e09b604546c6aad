using System.Runtime.InteropServices;

namespace Ambient.Hbone.Transport.Native;

/// <summary>OpenSSL 3, by the names of its manual, section 3. Only what a mesh handshake and its records need.</summary>
internal static unsafe partial class LibSsl
{
    private const string Ssl = "libssl.so.3";
    private const string Crypto = "libcrypto.so.3";

    public const int FiletypeEc = 408;
    public const int VerifyPeerAndFail = 0x03;
    public const int ErrorWantRead = 2;
    public const int ErrorZeroReturn = 6;
    public const int CtrlMode = 33;
    public const int CtrlExtraChainCert = 14;
    public const int CtrlSessionCacheMode = 44;
    public const int CtrlMinProtocol = 123;
    public const int CtrlMaxProtocol = 124;
    public const int Tls13 = 0x0304;
    public const long ModePartialWriteMovingReleaseBuffers = 0x1 | 0x2 | 0x10;
    public const ulong OptionNoTicket = 1UL << 14;
    public const ulong OptionNoRenegotiation = 1UL << 30;

    public static bool IsAvailable { get; } =
        NativeLibrary.TryLoad(Ssl, out _) && NativeLibrary.TryLoad(Crypto, out _);

    [LibraryImport(Ssl)]
    internal static partial nint TLS_method();

    [LibraryImport(Ssl)]
    internal static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Ssl)]
    internal static partial void SSL_CTX_free(nint context);

    [LibraryImport(Ssl)]
    internal static partial long SSL_CTX_ctrl(nint context, int command, long value, nint pointer);

    [LibraryImport(Ssl)]
    internal static partial ulong SSL_CTX_set_options(nint context, ulong options);

    [LibraryImport(Ssl)]
    internal static partial int SSL_CTX_set_num_tickets(nint context, nuint count);

    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_set_ciphersuites(nint context, string names);

    [LibraryImport(Ssl)]
    internal static partial int SSL_CTX_use_certificate_ASN1(nint context, int length, byte* der);

    [LibraryImport(Ssl)]
    internal static partial int SSL_CTX_use_PrivateKey_ASN1(int type, nint context, byte* der, long length);

    [LibraryImport(Ssl)]
    internal static partial void SSL_CTX_set_verify(nint context, int mode, nint callback);

    [LibraryImport(Ssl)]
    internal static partial void SSL_CTX_set_cert_verify_callback(
        nint context, delegate* unmanaged[Cdecl]<nint, nint, int> callback, nint argument);

    [LibraryImport(Ssl)]
    internal static partial int SSL_CTX_set_alpn_protos(nint context, byte* protocols, uint length);

    [LibraryImport(Ssl)]
    internal static partial void SSL_CTX_set_alpn_select_cb(
        nint context, delegate* unmanaged[Cdecl]<nint, byte**, byte*, byte*, uint, nint, int> callback, nint argument);

    [LibraryImport(Ssl)]
    internal static partial nint SSL_new(nint context);

    [LibraryImport(Ssl)]
    internal static partial void SSL_free(nint ssl);

    [LibraryImport(Ssl)]
    internal static partial void SSL_set_bio(nint ssl, nint read, nint write);

    [LibraryImport(Ssl)]
    internal static partial void SSL_set_accept_state(nint ssl);

    [LibraryImport(Ssl)]
    internal static partial void SSL_set_connect_state(nint ssl);

    [LibraryImport(Ssl)]
    internal static partial int SSL_do_handshake(nint ssl);

    [LibraryImport(Ssl)]
    internal static partial int SSL_read(nint ssl, byte* buffer, int count);

    [LibraryImport(Ssl)]
    internal static partial int SSL_write(nint ssl, byte* buffer, int count);

    [LibraryImport(Ssl)]
    internal static partial int SSL_shutdown(nint ssl);

    [LibraryImport(Ssl)]
    internal static partial int SSL_get_error(nint ssl, int result);

    [LibraryImport(Ssl)]
    internal static partial void SSL_get0_alpn_selected(nint ssl, byte** protocol, uint* length);

    [LibraryImport(Ssl)]
    internal static partial nint SSL_get_current_cipher(nint ssl);

    [LibraryImport(Ssl)]
    internal static partial nint SSL_CIPHER_get_name(nint cipher);

    [LibraryImport(Crypto)]
    internal static partial nint X509_STORE_CTX_get0_cert(nint store);

    [LibraryImport(Crypto)]
    internal static partial nint X509_STORE_CTX_get0_untrusted(nint store);

    [LibraryImport(Crypto)]
    internal static partial int OPENSSL_sk_num(nint stack);

    [LibraryImport(Crypto)]
    internal static partial nint OPENSSL_sk_value(nint stack, int index);

    [LibraryImport(Crypto)]
    internal static partial int i2d_X509(nint certificate, byte** der);

    [LibraryImport(Crypto)]
    internal static partial nint d2i_X509(nint certificate, byte** der, long length);

    [LibraryImport(Crypto)]
    internal static partial nuint ERR_get_error();

    [LibraryImport(Crypto)]
    internal static partial void ERR_error_string_n(nuint error, byte* buffer, nuint length);

    [LibraryImport(Crypto)]
    [SuppressGCTransition]
    internal static partial void ERR_clear_error();

    [LibraryImport(Crypto, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint BIO_meth_new(int type, string name);

    [LibraryImport(Crypto)]
    internal static partial int BIO_get_new_index();

    [LibraryImport(Crypto)]
    internal static partial int BIO_meth_set_read(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> callback);

    [LibraryImport(Crypto)]
    internal static partial int BIO_meth_set_write(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> callback);

    [LibraryImport(Crypto)]
    internal static partial int BIO_meth_set_ctrl(nint method, delegate* unmanaged[Cdecl]<nint, int, long, nint, long> callback);

    [LibraryImport(Crypto)]
    internal static partial nint BIO_new(nint method);

    [LibraryImport(Crypto)]
    internal static partial void BIO_set_data(nint bio, nint data);

    [LibraryImport(Crypto)]
    [SuppressGCTransition]
    internal static partial nint BIO_get_data(nint bio);

    [LibraryImport(Crypto)]
    internal static partial void BIO_set_init(nint bio, int init);

    [LibraryImport(Crypto)]
    [SuppressGCTransition]
    internal static partial void BIO_set_flags(nint bio, int flags);

    [LibraryImport(Crypto)]
    [SuppressGCTransition]
    internal static partial void BIO_clear_flags(nint bio, int flags);

    /// <summary>The oldest error of this thread as text, and none left.</summary>
    internal static string TakeError()
    {
        nuint code = ERR_get_error();
        ERR_clear_error();
        if (code == 0)
        {
            return "the peer closed the connection in the handshake";
        }

        byte* text = stackalloc byte[256];
        ERR_error_string_n(code, text, 256);
        return Marshal.PtrToStringUTF8((nint)text) ?? "";
    }
}
