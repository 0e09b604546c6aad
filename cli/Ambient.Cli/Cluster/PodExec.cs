using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Ambient.Kube.Http;

namespace Ambient.Cli.Cluster;

/// <summary>
/// Runs a command in a pod through the API server, over a WebSocket (sub-protocols v5.channel.k8s.io and v4.channel.k8s.io: the first
/// byte of a message is its channel, 1 output, 2 error, 3 the final Status).
/// </summary>
internal static class PodExec
{
    private const int MaxOutput = 256 * 1024 * 1024;

    public static async Task<string> RunAsync(
        KubeConfig config, string ns, string pod, IReadOnlyList<string> command, CancellationToken cancellation)
    {
        using ClientWebSocket socket = new();
        socket.Options.AddSubProtocol("v5.channel.k8s.io");
        socket.Options.AddSubProtocol("v4.channel.k8s.io");
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(config, certificate, errors);
        if (config.ClientCertificate is { } own)
        {
            socket.Options.ClientCertificates.Add(own);
        }

        if (config.Credential is { } credential && await credential.AuthorizationAsync(cancellation) is { } header)
        {
            socket.Options.SetRequestHeader("Authorization", header.ToString());
        }

        await socket.ConnectAsync(Address(config.Server, ns, pod, command), cancellation);
        return await ReadAsync(socket, $"{ns}/{pod}", cancellation);
    }

    private static Uri Address(Uri server, string ns, string pod, IReadOnlyList<string> command)
    {
        string words = string.Concat(command.Select(w => "&command=" + Uri.EscapeDataString(w)));
        string path = $"/api/v1/namespaces/{Uri.EscapeDataString(ns)}/pods/{Uri.EscapeDataString(pod)}/exec?stdout=true&stderr=true{words}";
        string scheme = server.Scheme == Uri.UriSchemeHttps ? "wss" : "ws";
        return new Uri($"{scheme}://{server.Authority}{server.AbsolutePath.TrimEnd('/')}{path}");
    }

    private static async Task<string> ReadAsync(ClientWebSocket socket, string pod, CancellationToken cancellation)
    {
        using MemoryStream output = new();
        using MemoryStream error = new();
        using MemoryStream status = new();
        byte[] buffer = new byte[64 * 1024];
        MemoryStream? current = null;
        while (true)
        {
            ValueWebSocketReceiveResult got = await socket.ReceiveAsync(buffer.AsMemory(), cancellation);
            if (got.MessageType == WebSocketMessageType.Close)
            {
                break;
            }

            int from = 0;
            if (current is null && got.Count > 0)
            {
                current = buffer[0] switch { 1 => output, 2 => error, 3 => status, _ => new MemoryStream() };
                from = 1;
            }

            current?.Write(buffer, from, got.Count - from);
            current = got.EndOfMessage ? null : current;
            if (output.Length > MaxOutput || error.Length > MaxOutput || status.Length > MaxOutput)
            {
                throw new IOException($"{pod} answered with more than {MaxOutput / 1024 / 1024} MB");
            }
        }

        return Failure(status) is { } why ? throw new IOException($"{why} {Text(error).Trim()}".Trim()) : Text(output);
    }

    private static string? Failure(MemoryStream status)
    {
        if (status.Length == 0)
        {
            return "the command's end was not reported";
        }

        JsonNode? node = JsonNode.Parse(Text(status));
        return node?["status"]?.GetValue<string>() == "Success" ? null : node?["message"]?.GetValue<string>() ?? "the command failed";
    }

    private static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));

    private static bool IsTrusted(KubeConfig config, X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (config.InsecureSkipTlsVerify || config.CertificateAuthorities is not { Count: > 0 } roots)
        {
            return config.InsecureSkipTlsVerify || errors == SslPolicyErrors.None;
        }

        if (certificate is not X509Certificate2 leaf || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            return false;
        }

        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(leaf);
    }
}
