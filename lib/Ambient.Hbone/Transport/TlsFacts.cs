using System.Collections.Concurrent;
using System.Net.Security;

namespace Ambient.Hbone.Transport;

/// <summary>What a session agreed on, as text for logs. The mesh speaks version 1.3 only, and there are few suites: the texts are shared.</summary>
internal static class TlsFacts
{
    private static readonly ConcurrentDictionary<string, string> Texts = new();

    public static string Of(SslStream tls) => Of(tls.NegotiatedCipherSuite.ToString());

    public static string Of(string suite) => Texts.GetOrAdd(suite, static s => "TLSv1.3 " + s);
}
