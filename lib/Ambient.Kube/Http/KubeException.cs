using Ambient.Kube.Resources;

namespace Ambient.Kube.Http;

/// <summary>The server refused; <see cref="Status"/> is its word.</summary>
public class KubeException : Exception
{
    public KubeException(Status status)
        : base($"{status.Code} {status.Reason}: {status.Message}") => Status = status;

    public Status Status { get; }

    /// <summary>HTTP status code.</summary>
    public int Code => Status.Code;

    public string Reason => Status.Reason;

    public bool IsNotFound => Code == 404;

    /// <summary>The object is there already; not the same as a conflict, though both are 409.</summary>
    public bool IsAlreadyExists => Reason == "AlreadyExists";

    /// <summary>The resourceVersion was old, or another field manager owns a field.</summary>
    public bool IsConflict => Code == 409 && !IsAlreadyExists;

    /// <summary>The resourceVersion or continue token is too old: list again.</summary>
    public bool IsExpired => Code == 410 || Reason is "Expired" or "Gone";

    public bool IsInvalid => Code is 400 or 422;
}
