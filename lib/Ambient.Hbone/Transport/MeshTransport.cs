namespace Ambient.Hbone.Transport;

/// <summary>Chooses the transport of a process.</summary>
public static class MeshTransport
{
    /// <summary>Setting that overrides the choice: <c>native</c> or <c>managed</c>.</summary>
    public const string Variable = "AMBIENT_TRANSPORT";

    /// <summary>
    /// The native one where it can run (Linux on x64 with OpenSSL 3), otherwise the managed one.
    /// </summary>
    /// <exception cref="ArgumentException">The name is neither, or the native one was asked for and cannot run here.</exception>
    public static IMeshTransport Create(string? name, TimeProvider time) => name switch
    {
        "managed" => new ManagedTransport(time),
        "native" when NativeTransport.IsSupported => new NativeTransport(time),
        "native" => throw new ArgumentException($"{Variable}=native needs Linux on x64 with libssl.so.3; leave it unset to choose by the machine"),
        null or "" => NativeTransport.IsSupported ? new NativeTransport(time) : new ManagedTransport(time),
        _ => throw new ArgumentException($"{Variable}={name} is unknown; it is native, managed or unset"),
    };
}
