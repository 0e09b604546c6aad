using Microsoft.AspNetCore.Http;

namespace Ambient.Shop.Serving;

/// <summary>Keeps the behaviour of this process, and changes it from within the pod: <c>ambient-shop set fail=0.5</c> in its container.</summary>
internal sealed class BehaviourControl
{
    public const int Port = 8081;

    private Behaviour _behaviour = new();
    private long _requests;

    /// <summary>Requests that were served, failed ones included.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Waits as it was told to; then the status that the request fails with, or null.</summary>
    public async Task<int?> MeetAsync(CancellationToken stop)
    {
        Behaviour now = Volatile.Read(ref _behaviour);
        long number = Interlocked.Increment(ref _requests);
        if (now.Delay > 0 && Random.Shared.NextDouble() < now.Slow)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(now.Delay), TimeProvider.System, stop).ConfigureAwait(false);
        }

        return (now.Every > 0 && number % now.Every == 0) || Random.Shared.NextDouble() < now.Fail ? now.Status : null;
    }

    /// <summary>POST /behaviour?fail=0.5&amp;status=503 replaces it all; GET says how many requests were served.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            try
            {
                Behaviour next = context.Request.Query.Aggregate(new Behaviour(), static (b, q) => b.With($"{q.Key}={q.Value}"));
                Volatile.Write(ref _behaviour, next);
                Interlocked.Exchange(ref _requests, 0);
            }
            catch (FormatException e)
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                await context.Response.WriteAsync(e.Message + "\n", context.RequestAborted).ConfigureAwait(false);
                return;
            }
        }

        await context.Response.WriteAsync($"{Requests}\n", context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>The client: settings as words; none sets everything back. Prints how many requests were served since the last time.</summary>
    public static async Task<int> TellAsync(IReadOnlyList<string> settings)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var url = new Uri($"http://127.0.0.1:{Port}/behaviour?{string.Join('&', settings.Select(Uri.EscapeDataString)).Replace("%3D", "=", StringComparison.Ordinal)}");
        string before = await client.GetStringAsync(url).ConfigureAwait(false);
        using HttpResponseMessage answer = await client.PostAsync(url, null).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode)
        {
            await Console.Error.WriteAsync(await answer.Content.ReadAsStringAsync().ConfigureAwait(false)).ConfigureAwait(false);
            return 2;
        }

        await Console.Out.WriteAsync(before).ConfigureAwait(false);
        return 0;
    }
}
