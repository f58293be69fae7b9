export interface Config {
  hoopAuthentik?: {
    /**
     * The software templates behind the buttons of the frontend: an entity reference for each action, or one for each
     * type of target. `false` takes a button away. Templates of this repository are the default.
     *
     * @deepVisibility frontend
     */
    templates?: {
      connect?: string | false | { [targetType: string]: string };
      repair?: string | false | { [targetType: string]: string };
      restart?: string | false | { [targetType: string]: string };
      rotate?: string | false | { [targetType: string]: string };
      disconnect?: string | false | { [targetType: string]: string };
      'restrict-access'?: string | false | { [targetType: string]: string };
    };
  };
}
