using System.Diagnostics;
using System.Text;

namespace Ambient.Lab.Tests.Clusters;

/// <summary>The kubectl of the machine against the lab.</summary>
public sealed class KubectlTests(LabFixture fixture) : IAsyncLifetime
{
    private const string Ns = "kubectl";
    private LabCluster lab = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        lab = await fixture.LabAsync();
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(f => File.Exists(f + "/kubectl")), "kubectl is not installed");
        await lab.ApplyAsync(Manifests.Namespace(Ns), Ct);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Logs_Followed_ShowLinesAsTheyComeAndEndWithTheContainer()
    {
        await lab.ApplyAsync(Manifests.Script(Ns, "talker", "for i in 1 2 3; do echo line $i; sleep 0.3; done", pod: "restartPolicy: Never"), Ct);
        await Talk.UntilAsync(() => Task.FromResult(LogOf("talker")), l => l.Length > 0, "talker runs");
        var (code, output) = await KubectlAsync("logs", "-f", "talker");
        Assert.Equal(0, code);
        Assert.Equal("line 1\nline 2\nline 3\n", output);
        (_, output) = await KubectlAsync("logs", "talker", "--tail=1", "--timestamps");
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\S+Z line 3\n$", output);
    }

    [Fact]
    public async Task Logs_OfThePreviousRun_AreKept()
    {
        await lab.ApplyAsync(
            Manifests.Script(
                Ns, "again", "if [ ! -f /mark/done ]; then touch /mark/done; echo before; exit 1; fi; echo after; exec sleep 1000",
                pod: "volumes: [{ name: mark, emptyDir: {} }]", container: "volumeMounts: [{ name: mark, mountPath: /mark }]"),
            Ct);
        await Talk.UntilAsync(() => Task.FromResult(LogOf("again")), l => l == "after\n", "second run");
        Assert.Equal("before\n", (await KubectlAsync("logs", "again", "--previous")).Output);
    }

    [Fact]
    public async Task Exec_CarriesInputOutputAndExitCode()
    {
        await lab.ApplyAsync(Manifests.Script(Ns, "shell", "exec sleep 1000", pod: "terminationGracePeriodSeconds: 1"), Ct);
        await lab.WaitReadyAsync(Ns, "app=shell", 1, LabFixture.Patience, Ct);
        var (code, output) = await KubectlAsync("exec", "shell", "--", "sh", "-c", "echo out; echo err >&2; exit 7");
        Assert.Equal(7, code);
        Assert.Contains("out", output, StringComparison.Ordinal);
        Assert.Contains("err", output, StringComparison.Ordinal);
        (code, output) = await KubectlAsync("exec", "-i", "shell", "--", "wc", "-c", "<", "typed in");
        Assert.Equal((0, "8"), (code, output.Trim()));
    }

    [Fact]
    public async Task Exec_OnATerminal_HasOneOfItsOwn()
    {
        await lab.ApplyAsync(Manifests.Script(Ns, "tty", "exec sleep 1000", pod: "terminationGracePeriodSeconds: 1"), Ct);
        await lab.WaitReadyAsync(Ns, "app=tty", 1, LabFixture.Patience, Ct);
        // script(1) gives kubectl a terminal, without which it asks for none.
        var script = $"stty rows 33 cols 77; kubectl --kubeconfig {lab.KubeconfigPath} -n {Ns} exec -it tty -- sh -c 'tty; stty size; exit 5'";
        using var process = Process.Start(new ProcessStartInfo("script", ["-qec", script, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["HOME"] = "/tmp" },
        })!;
        var output = await process.StandardOutput.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        Assert.Matches(@"/dev/pts/\d+\s+33 77", output);
        Assert.Equal(5, process.ExitCode);
    }

    [Fact]
    public async Task Rollout_RestartScaleAndDelete_AreFollowed()
    {
        await lab.ApplyAsync(Manifests.Echo(Ns, "web", replicas: 2), Ct);
        var (code, output) = await KubectlAsync("rollout", "status", "deployment/web", "--timeout=30s");
        Assert.True(code == 0, output);
        (code, output) = await KubectlAsync("rollout", "restart", "deployment/web");
        Assert.True(code == 0, output);
        (code, output) = await KubectlAsync("rollout", "status", "deployment/web", "--timeout=30s");
        Assert.True(code == 0, output);
        (code, output) = await KubectlAsync("scale", "deployment/web", "--replicas=1");
        Assert.True(code == 0, output);
        (code, output) = await KubectlAsync("delete", "deployment/web", "--timeout=30s", "--cascade=foreground");
        Assert.True(code == 0, output);
        await Talk.UntilAsync(async () => (await KubectlAsync("get", "pods", "-l", "app=web", "-o", "name")).Output.Trim(), o => o is "" || o.StartsWith("No resources", StringComparison.Ordinal), "pods gone");
    }

    /// <summary>Empty until the pod is on a node.</summary>
    private string LogOf(string pod)
    {
        try
        {
            return lab.Log(Ns, pod);
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    /// <summary>Standard output and error together. What follows a word <c>&lt;</c> is typed in.</summary>
    private async Task<(int Code, string Output)> KubectlAsync(params string[] arguments)
    {
        var typed = Array.IndexOf(arguments, "<") is >= 0 and var at ? arguments[at + 1] : null;
        var info = new ProcessStartInfo("kubectl", ["--kubeconfig", lab.KubeconfigPath, "-n", Ns, .. typed is null ? arguments : arguments[..Array.IndexOf(arguments, "<")]])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["HOME"] = "/tmp";
        using var process = Process.Start(info)!;
        if (typed is not null)
        {
            await process.StandardInput.WriteAsync(typed);
        }

        process.StandardInput.Close();
        var output = new StringBuilder();
        await Task.WhenAll(ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, output));
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, output.ToString());
    }

    private static async Task ReadAsync(StreamReader from, StringBuilder to)
    {
        var text = await from.ReadToEndAsync(Ct);
        lock (to)
        {
            to.Append(text);
        }
    }
}
