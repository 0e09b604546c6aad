using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Kube.Http;

/// <summary>
/// Credentials from a program (client.authentication.k8s.io ExecCredential): kept until they expire or are refused,
/// one run at a time.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim without a wait handle holds nothing.")]
internal sealed class ExecCredential(ExecPlugin plugin, JsonObject? cluster, TimeProvider time) : Credential
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private const int MaxOutput = 1024 * 1024;

    private readonly SemaphoreSlim _running = new(1, 1);
    private volatile Held? _held;

    public override bool CanRefresh => true;

    /// <summary>The last certificate that the program gave, for new connections.</summary>
    public X509Certificate2? ClientCertificate => _held?.Certificate;

    public override async ValueTask<AuthenticationHeaderValue?> AuthorizationAsync(CancellationToken cancellation)
    {
        if (_held is { } held && held.IsGood(time))
        {
            return held.Header;
        }

        await _running.WaitAsync(cancellation);
        try
        {
            if (_held is not { } fresh || !fresh.IsGood(time))
            {
                _held = fresh = Parse(await RunAsync(cancellation));
            }

            return fresh.Header;
        }
        finally
        {
            _running.Release();
        }
    }

    public override void Invalidate() => _held = null;

    private async Task<string> RunAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(plugin.Command, plugin.Args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach ((string name, string value) in plugin.Env)
        {
            start.Environment[name] = value;
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = Info();
        using Process process = Start(start);
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            Task<string> errors = ReadAsync(process.StandardError, both.Token);
            string output = await ReadAsync(process.StandardOutput, both.Token);
            string said = await errors;
            await process.WaitForExitAsync(both.Token);
            return process.ExitCode == 0
                ? output
                : throw new KubeConfigException($"the credential plugin {plugin.Command} ended with {process.ExitCode}: {said.Trim()}");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new KubeConfigException($"the credential plugin {plugin.Command} took longer than {Limit.TotalSeconds:0} s");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            string hint = plugin.InstallHint is null ? "" : $" ({plugin.InstallHint.Trim()})";
            throw new KubeConfigException($"the credential plugin {plugin.Command} cannot be started: {e.Message}{hint}", e);
        }
    }

    private string Info()
    {
        var spec = new JsonObject { ["interactive"] = false };
        if (plugin.ProvideClusterInfo && cluster is not null)
        {
            spec["cluster"] = cluster.DeepClone();
        }

        return new JsonObject { ["apiVersion"] = plugin.ApiVersion, ["kind"] = "ExecCredential", ["spec"] = spec }.ToJsonString();
    }

    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellation)
    {
        var text = new System.Text.StringBuilder();
        char[] buffer = new char[4096];
        int n;
        while ((n = await reader.ReadAsync(buffer, cancellation)) > 0)
        {
            if (text.Length + n > MaxOutput)
            {
                throw new KubeConfigException($"a credential plugin wrote more than {MaxOutput} characters");
            }

            text.Append(buffer, 0, n);
        }

        return text.ToString();
    }

    private Held Parse(string output)
    {
        try
        {
            JsonNode? status = JsonNode.Parse(output)?["status"];
            string? token = (string?)status?["token"];
            string? certificate = (string?)status?["clientCertificateData"];
            string? key = (string?)status?["clientKeyData"];
            if (token is null && certificate is null)
            {
                throw new KubeConfigException($"the credential plugin {plugin.Command} gave neither token nor certificate");
            }

            return new Held(
                token is null ? null : new AuthenticationHeaderValue("Bearer", token),
                certificate is null ? null : X509Certificate2.CreateFromPem(certificate, key),
                (DateTimeOffset?)status?["expirationTimestamp"]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException
            or System.Security.Cryptography.CryptographicException)
        {
            throw new KubeConfigException($"the credential plugin {plugin.Command} gave an ExecCredential that cannot be read: {e.Message}", e);
        }
    }

    private sealed record Held(AuthenticationHeaderValue? Header, X509Certificate2? Certificate, DateTimeOffset? Expires)
    {
        public bool IsGood(TimeProvider time) => Expires is not { } end || time.GetUtcNow() < end;
    }
}
