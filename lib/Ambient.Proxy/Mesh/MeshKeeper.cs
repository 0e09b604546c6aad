using Ambient.Core;
using Ambient.Proxy.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.Proxy.Mesh;

/// <summary>
/// Keeps the mesh in a <see cref="MeshStateFile"/>, a while after it changed; the data path does not notice.
/// Nothing is written before all types have come once: a file without the policies that were still on their way would loosen them.
/// </summary>
internal sealed class MeshKeeper
{
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(250);

    private readonly string _path;
    private readonly MeshView _view;
    private readonly ILogger _log;
    private readonly LateWriter _writer;
    private MeshSnapshot? _written;

    internal MeshKeeper(string stateDirectory, MeshView view, TimeProvider time, ILogger log)
    {
        _path = Path.Combine(stateDirectory, "mesh.state");
        _view = view;
        _log = log;
        _writer = new LateWriter(Write, s_gather, time);
    }

    /// <summary>Applies what an earlier process kept; from then on the mesh counts as known.</summary>
    internal MeshUpdate Load()
    {
        try
        {
            if (MeshStateFile.Read(_path) is not { } kept)
            {
                return MeshUpdate.Empty;
            }

            _view.Apply(kept.Update);
            if (kept.Problem is { } problem)
            {
                MeshLog.KeptInPart(_log, _path, problem);
                return kept.Update;
            }

            _written = _view.Current;
            _view.MarkRemembered();
            MeshLog.Remembered(_log, kept.Update.Workloads.Length, kept.Update.Services.Length, kept.Update.Policies.Length, kept.Update.Enrolments.Length);
            return kept.Update;
        }
        catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException or Google.Protobuf.InvalidProtocolBufferException)
        {
            MeshLog.NotRemembered(_log, _path, e.Message);
            return MeshUpdate.Empty;
        }
    }

    internal void Start()
    {
        _view.Changed += OnChanged;
        _view.BecameWhole += _writer.Wake;
        _writer.Start();
    }

    /// <param name="write">What is not on disk yet is written at once; false: a newer process keeps it from here on.</param>
    internal Task StopAsync(bool write)
    {
        _view.Changed -= OnChanged;
        _view.BecameWhole -= _writer.Wake;
        return _writer.StopAsync(write);
    }

    private void OnChanged(MeshSnapshot mesh, MeshUpdate update) => _writer.Wake();

    private void Write()
    {
        MeshSnapshot mesh = _view.Current;
        if (!_view.IsWhole || ReferenceEquals(mesh, _written))
        {
            return;
        }

        try
        {
            MeshStateFile.Write(_path, mesh);
            _written = mesh;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            MeshLog.NotKept(_log, _path, e.Message);
        }
    }
}
