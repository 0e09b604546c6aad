using System.Globalization;

namespace Ambient.Proxy.Hosting;

/// <summary>
/// Run to completion: what arrives on a socket is served on the thread that polled it, without a hop through the thread pool. The
/// socket layer reads these variables when the first socket is made, so this comes before anything else.
/// </summary>
internal static class SocketEngine
{
    private const string Inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string Threads = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>What the environment says already stands.</summary>
    internal static void Configure()
    {
        SetDefault(Inline, "1");
        SetDefault(Threads, Math.Max(1, Environment.ProcessorCount / 4).ToString(CultureInfo.InvariantCulture));
    }

    private static void SetDefault(string name, string value)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
