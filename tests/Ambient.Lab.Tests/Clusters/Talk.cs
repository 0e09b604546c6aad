using System.Text.Json;

namespace Ambient.Lab.Tests.Clusters;

/// <summary>Calls of the echo program from inside a pod.</summary>
internal static class Talk
{
    /// <summary>The JSON line of <c>ambient-echo call</c>.</summary>
    public static async Task<JsonElement> CallAsync(this LabCluster lab, string ns, string pod, params string[] arguments)
    {
        var result = await lab.ExecInPodAsync(ns, pod, ["ambient-echo", "call", .. arguments], null, TestContext.Current.CancellationToken);
        Assert.True(result.Output.Length > 0, result.Error);
        return JsonDocument.Parse(result.Output.Split('\n')[0]).RootElement;
    }

    /// <summary>Which pod answered.</summary>
    public static string? Pod(this JsonElement answer) => answer.GetProperty("body").GetProperty("pod").GetString();

    public static string? Error(this JsonElement answer) => answer.TryGetProperty("error", out var error) ? error.GetString() : null;

    /// <summary>Asks again until the condition holds.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Predicate<T> done, string what)
    {
        var ct = TestContext.Current.CancellationToken;
        var deadline = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(20);
        while (true)
        {
            var value = await ask();
            if (done(value))
            {
                return value;
            }

            Assert.True(TimeProvider.System.GetUtcNow() < deadline, $"{what}: still {value}");
            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, ct);
        }
    }
}
