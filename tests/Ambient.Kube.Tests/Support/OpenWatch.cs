using Microsoft.AspNetCore.Http;

namespace Ambient.Kube.Tests.Support;

/// <summary>A watch that a client holds open; the test writes its events and decides how it ends.</summary>
internal sealed class OpenWatch(HttpContext context)
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Query { get; } = context.Request.QueryString.Value ?? "";

    public Task Ended => _end.Task;

    public async Task SendAsync(string type, string json)
    {
        await context.Response.WriteAsync($$"""{"type":"{{type}}","object":{{json}}}""" + "\n");
        await context.Response.Body.FlushAsync();
    }

    public async Task SendRawAsync(string text)
    {
        await context.Response.WriteAsync(text);
        await context.Response.Body.FlushAsync();
    }

    public void Close() => _end.TrySetResult();

    public void Abort()
    {
        context.Abort();
        _end.TrySetResult();
    }
}
