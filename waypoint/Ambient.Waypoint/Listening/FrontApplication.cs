using Ambient.Waypoint.Requests;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ambient.Waypoint.Listening;

/// <summary>Between Kestrel and the pipeline: a context a request, used again with its connection or stream.</summary>
internal sealed class FrontApplication(RequestPipeline pipeline) : IHttpApplication<DefaultHttpContext>
{
    private volatile bool _leaving;

    /// <summary>From now on HTTP/1.1 connections end with the answer that they carry, so that clients find another proxy.</summary>
    internal void Leave() => _leaving = true;

    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures is not IHostContextContainer<DefaultHttpContext> container)
        {
            return new DefaultHttpContext(contextFeatures);
        }

        if (container.HostContext is { } used)
        {
            used.Initialize(contextFeatures);
            return used;
        }

        return container.HostContext = new DefaultHttpContext(contextFeatures);
    }

    public Task ProcessRequestAsync(DefaultHttpContext context)
    {
        if (_leaving && HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }

        return pipeline.HandleAsync(context);
    }

    public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();
}
