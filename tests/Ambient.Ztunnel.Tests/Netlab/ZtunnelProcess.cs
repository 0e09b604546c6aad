using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Ambient.Ztunnel.Hosting;

namespace Ambient.Ztunnel.Tests.Netlab;

/// <summary>The real program as a process of its own, in this netns, with the configuration as environment.</summary>
internal sealed class ZtunnelProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly ZtunnelConfig _config;

    internal ZtunnelProcess(ZtunnelConfig config)
    {
        _config = config;
        string program = typeof(ZtunnelConfig).Assembly.Location;
        var start = new ProcessStartInfo(Path.ChangeExtension(program, null)) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string? value) in Environment(config))
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) => Keep(e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    internal string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    internal int Id => _process.Id;

    internal bool HasExited => _process.HasExited;

    internal int ExitCode => _process.ExitCode;

    internal async Task ReadyAsync()
    {
        using var http = new HttpClient();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                using HttpResponseMessage reply = await http.GetAsync($"http://127.0.0.1:{_config.ReadinessPort}/healthz/ready", limit.Token);
                if (reply.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                Assert.False(_process.HasExited, $"the program ended\n{Output}");
            }

            Assert.False(limit.IsCancellationRequested, $"not ready in time\n{Output}");
            await Task.Delay(20, CancellationToken.None);
        }
    }

    internal async Task<string> GetAsync(string path)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync($"http://127.0.0.1:{_config.AdminPort}{path}");
    }

    internal void Terminate() => Shell.Run("kill", "-TERM", _process.Id.ToString(CultureInfo.InvariantCulture));

    internal async Task EndedAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        await _process.WaitForExitAsync(limit.Token);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static IEnumerable<(string Name, string? Value)> Environment(ZtunnelConfig c) =>
    [
        ("NODE_NAME", c.NodeName),
        ("AMBIENT_STATE_DIR", c.StateDirectory),
        ("AMBIENT_CNI_SOCKET", c.CniSocket),
        ("AMBIENT_HANDOVER_SOCKET", c.HandoverSocket),
        ("AMBIENT_CERTIFICATE_FILE", c.CertificateFile ?? "none"),
        ("AMBIENT_XDS_ADDRESS", c.XdsAddress.ToString()),
        ("AMBIENT_LOCAL_CONFIG", c.LocalConfig),
        ("AMBIENT_LOCAL_CA", c.LocalCa),
        ("AMBIENT_RESOLV_CONF", c.ResolvConf),
        ("AMBIENT_SUCCESSOR_SECONDS", c.SuccessorTime.TotalSeconds.ToString(CultureInfo.InvariantCulture)),
        ("AMBIENT_DRAIN_SECONDS", c.DrainTime.TotalSeconds.ToString(CultureInfo.InvariantCulture)),
        ("AMBIENT_ADMIN_PORT", c.AdminPort.ToString(CultureInfo.InvariantCulture)),
        ("AMBIENT_METRICS_PORT", c.MetricsPort.ToString(CultureInfo.InvariantCulture)),
        ("AMBIENT_READINESS_PORT", c.ReadinessPort.ToString(CultureInfo.InvariantCulture)),
    ];

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
