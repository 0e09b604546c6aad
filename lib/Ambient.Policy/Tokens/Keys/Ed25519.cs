using System.Runtime.InteropServices;

namespace Ambient.Policy.Tokens.Keys;

/// <summary>Ed25519 by OpenSSL's libcrypto (3.0), since .NET 10 has none of its own. Where the library is not there, such keys are refused.</summary>
internal static partial class Ed25519
{
    private const string Library = "libcrypto.so.3";
    private const int Type = 1087; // EVP_PKEY_ED25519

    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && NativeLibrary.TryLoad(Library, out _);

    /// <summary>False also for a key that is no point of the curve.</summary>
    public static bool Verifies(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        nint made = NewPublicKey(Type, 0, key, (nuint)key.Length);
        nint context = made == 0 ? 0 : NewContext();
        bool holds = context != 0
            && Begin(context, 0, 0, 0, made) == 1
            && Verify(context, signature, (nuint)signature.Length, data, (nuint)data.Length) == 1;
        FreeContext(context);
        FreeKey(made);
        return holds;
    }

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint NewPublicKey(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_new")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint NewContext();

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerifyInit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Begin(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerify")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Verify(nint context, ReadOnlySpan<byte> signature, nuint signatureLength, ReadOnlySpan<byte> data, nuint length);

    // Both take 0.
    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void FreeKey(nint key);
}
