namespace Ambient.Kube.Http;

/// <summary>ERROR events are thrown as <see cref="KubeException"/>.</summary>
public enum WatchEventType
{
    Added,
    Modified,
    Deleted,

    /// <summary>Carries nothing but a new resourceVersion.</summary>
    Bookmark,
}
